// The end of a session is announced before it comes and can be put off (WCAG 2.2, 2.2.1).
// <template data-session-ends="ISO 8601" data-session-warns="SECONDS"> holds the announcement. Its
// first form puts the end off: the answer's header Session-Ends says until when. At the end the page
// is loaded anew, so that nothing private stays on the screen.
const LONGEST = 2 ** 31 - 1; // ms that a browser can wait
const forms = new WeakMap();

function arm(template, ends) {
  const warns = Number(template.dataset.sessionWarns) * 1000;
  const wait = Math.max(0, ends - Date.now() - warns);
  if (wait < LONGEST) setTimeout(announce, wait, template, ends);
}

function announce(template, ends) {
  const notice = template.content.cloneNode(true).firstElementChild;
  document.body.prepend(notice);
  const end = setTimeout(() => location.reload(), Math.max(0, ends - Date.now()));
  const form = notice.querySelector("form");
  if (form) forms.set(form, { template, notice, end });
}

document.addEventListener("submit", async (event) => {
  const about = forms.get(event.target);
  if (!about) return;
  event.preventDefault();
  const answer = await fetch(event.target.action, { method: "POST" }).catch(() => null);
  const ends = Date.parse(answer?.headers.get("session-ends") ?? "");
  if (!answer?.ok || Number.isNaN(ends)) {
    event.target.submit(); // the server says what is wrong
    return;
  }
  clearTimeout(about.end);
  about.notice.remove();
  arm(about.template, ends);
});

for (const template of document.querySelectorAll("template[data-session-ends]")) {
  arm(template, Date.parse(template.dataset.sessionEnds));
}

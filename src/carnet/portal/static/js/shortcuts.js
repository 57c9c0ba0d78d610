// One key acts: data-key="n" on a link, a button or a field. Never while somebody writes, never with
// another key held, and not at all where they are switched off (WCAG 2.2, 2.1.4; /affichage).
const WRITING = "input, select, textarea, [contenteditable]";

function act(target) {
  if (target.matches(WRITING)) target.focus();
  else target.click();
}

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target instanceof Element && event.target.closest(WRITING)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target || target.closest("[inert]")) return;
  if (document.querySelector("dialog:modal") && !target.closest("dialog:modal")) return;
  event.preventDefault();
  act(target);
});

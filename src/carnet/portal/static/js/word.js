// An explained word: a button with data-word whose popover explains it. A click opens it without
// script; here hovering and focus do too. It stays while the pointer is on it, and Esc ends it
// without moving focus or pointer (WCAG 2.2, 1.4.13).
const WAIT = 150; // ms, so that a pointer on its way elsewhere opens nothing, and may cross the gap
let timer = 0;

const meaningOf = (word) => document.getElementById(word.getAttribute("popovertarget"));
const wordOf = (node) => (node instanceof Element ? node.closest("[data-word]") : null);

function show(word) {
  const meaning = meaningOf(word);
  if (!meaning || meaning.matches(":popover-open")) return;
  meaning.showPopover({ source: word });
}

function hide(meaning) {
  if (meaning?.matches(":popover-open")) meaning.hidePopover();
}

function shown() {
  return document.querySelector("[popover]:popover-open");
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const word = wordOf(event.target);
  const open = shown();
  if (!word && !open) return;
  clearTimeout(timer);
  if (word) timer = setTimeout(show, WAIT, word);
  else if (!open.contains(event.target)) timer = setTimeout(hide, 2 * WAIT, open);
});

document.addEventListener("focusin", (event) => {
  const word = wordOf(event.target);
  if (word?.matches(":focus-visible")) show(word);
});

document.addEventListener("focusout", (event) => {
  const word = wordOf(event.target);
  if (word) hide(meaningOf(word));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  clearTimeout(timer);
  const word = wordOf(document.activeElement);
  hide(word && meaningOf(word));
});

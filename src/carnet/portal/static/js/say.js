// Says a line to screen readers, without moving anybody's focus.
export function say(text) {
  const place = document.getElementById("say");
  if (!place) return;
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

// Toasts stay until they are closed (nothing to read is taken away by a clock). One that arrives in
// an answer, wherever it stands there, is moved to the place where they are announced. A button
// with data-closes inside one closes it here instead of asking the server.
function gather() {
  const place = document.getElementById("toasts");
  if (!place) return;
  for (const toast of document.querySelectorAll("[data-toast]")) {
    if (!toast.closest(".toasts")) place.append(toast);
  }
}

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-toast] [data-closes]");
  if (!closer) return;
  event.preventDefault();
  closer.closest("[data-toast]").remove();
});

document.addEventListener("htmx:after:swap", gather);
gather();

// A link with data-dialog="ID" opens that dialog here instead of leading to the page that asks the
// same. Buttons with command="show-modal" are the platform's; this helps where it lacks them.
const unaided = "commandForElement" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return;
  const opener = event.target.closest("[data-dialog], button[command='show-modal']");
  if (!opener || (unaided && !opener.dataset.dialog)) return;
  const id = opener.dataset.dialog ?? opener.getAttribute("commandfor");
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  if (!dialog.open) dialog.showModal();
});

// A dialog that opens itself when it arrives in the page, and goes when it is closed.

/** The first field, or else the title: never the cross, nor the button that would do it at once. */
function focusFirst(dialog) {
  const field = dialog.querySelector("[autofocus], :is(input:not([type=hidden]), select, textarea):not(:disabled)");
  const title = dialog.querySelector("h2");
  if (!field && title) title.tabIndex = -1;
  (field ?? title)?.focus();
}

export default function attach(dialog) {
  const before = document.activeElement;
  if (!dialog.open) dialog.showModal();
  focusFirst(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) dialog.close();
    // a press on the veil counts only where nothing typed would be lost
    if (event.target === dialog && !dialog.querySelector("input:not([type=hidden]), textarea, select")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    if (dialog.closest("#g-dialogs")) dialog.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
  });
}

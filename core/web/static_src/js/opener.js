// A button that opens a dialog of the page (data-dialog="id") or one fetched from the server (data-url).
import htmx from "htmx.org/dist/htmx.esm.js";

export default function attach(button) {
  button.addEventListener("click", () => {
    const { dialog, url } = button.dataset;
    if (url) {
      htmx.ajax("GET", url, { target: "#g-dialogs", swap: "innerHTML" });
      return;
    }
    const element = document.getElementById(dialog);
    element?.addEventListener("click", (event) => event.target.closest("[data-close]") && element.close());
    element?.showModal();
  });
}

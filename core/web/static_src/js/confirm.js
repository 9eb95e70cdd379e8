// data-confirm on a link, button or form: ask first, in a dialog of our own.
import { icon, make } from "./dom.js";
import { text } from "./texts.js";

const agreed = new WeakSet();

/** Ask a yes-or-no question; resolves to true or false. */
export function ask(question, { yes = "", detail = "", bad = false } = {}) {
  return new Promise((resolve) => {
    const title = make("h2", { id: "g-ask-title" }, question);
    const words = make("div", {}, title);
    if (detail) words.append(make("p", {}, detail));
    const sign = make("span", { class: `g-sign c${bad ? 5 : 3}` }, icon(bad ? "alert-triangle" : "help-circle", "l"));
    const no = make("button", { type: "submit", value: "", class: "g-b" }, text("cancel"));
    const go = make("button", { type: "submit", value: "yes", class: bad ? "g-b g-b-lost" : "g-b g-b-main" }, yes || text("confirm"));
    const form = make("form", { method: "dialog" }, make("header", { class: "g-dlg-top" }, sign, words),
      make("footer", { class: "g-dlg-foot" }, make("span", { class: "g-push" }), no, go));
    const dialog = make("dialog", { class: "g-dlg", "aria-labelledby": "g-ask-title" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    go.focus();
  });
}

function askFor(element) {
  const { confirm: question, confirmYes, confirmText } = element.dataset;
  return ask(question, { yes: confirmYes, detail: confirmText, bad: element.matches(".g-bulk-bad, .g-opt-bad, .g-b-bad, .g-b-lost") });
}

/** Listen in the capture phase, before htmx and the modules see the event. */
export function installConfirm() {
  document.addEventListener("click", async (event) => {
    const element = event.target.closest?.("[data-confirm]:not(form)");
    if (!element || agreed.has(element)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await askFor(element))) return;
    agreed.add(element);
    element.click();
    agreed.delete(element);
  }, true);
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-confirm]");
    if (!form || agreed.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await askFor(form))) return;
    agreed.add(form);
    form.requestSubmit(event.submitter);
    agreed.delete(form);
  }, true);
}

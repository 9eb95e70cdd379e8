// A form that knows whether it was changed: it says so, wakes Save and Discard, and asks before it is left.
import { accepted } from "./server.js";
import { text } from "./texts.js";

const changed = new Set();

function snapshot(form) {
  const parts = [...new FormData(form).entries()].map(([name, value]) => [name, value instanceof File ? value.name : value]);
  return JSON.stringify(parts.filter(([name]) => name !== "csrf_token"));
}

function show(form, dirty) {
  if (form.hasAttribute("data-quiet")) return;
  const page = form.closest("#main, dialog") ?? form;
  page.classList.toggle("g-is-dirty", dirty);
  const state = page.querySelector("[data-saved]");
  state?.classList.toggle("g-saved-not", dirty);
  const words = state?.querySelector("[data-saved-text]");
  if (words) words.textContent = text(dirty ? "not_saved" : "saved");
}

export default function attach(form) {
  let first = snapshot(form);
  // a form that came back with errors holds what is saved nowhere
  const refused = Boolean(form.querySelector("[aria-invalid=true], .g-error"));
  const check = () => {
    const dirty = refused || snapshot(form) !== first;
    if (dirty) changed.add(form);
    else changed.delete(form);
    show(form, dirty);
  };
  for (const kind of ["input", "change", "g:change"]) form.addEventListener(kind, check);
  form.addEventListener("submit", () => changed.delete(form));
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === form && accepted(event.detail.xhr)) first = snapshot(form);
    check();
  });
  const discard = (form.closest("#main, dialog") ?? document).querySelector("[data-discard]");
  discard?.addEventListener("click", () => {
    changed.delete(form);
    location.reload();
  });
  if (refused) check();
}

addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

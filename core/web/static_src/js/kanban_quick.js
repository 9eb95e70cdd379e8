// Quick create: the short form at the head of a lane. Escape and the cross put it away; it stays open for the next one.
import htmx from "htmx.org/dist/htmx.esm.js";
import { accepted } from "./server.js";

/** Open (or focus) the quick form of a lane. */
export function quickCreate(cards) {
  const open = cards.querySelector(":scope > .g-quick");
  const template = cards.querySelector("template[data-quick-form]");
  if (open) {
    open.querySelector("input:not([type=hidden])")?.focus();
    return;
  }
  if (!template) return;
  const form = template.content.firstElementChild.cloneNode(true);
  cards.prepend(form);
  htmx.process(form);
  const close = () => form.remove();
  form.addEventListener("click", (event) => event.target.closest("[data-close]") && close());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !accepted(event.detail.xhr)) return;
    form.reset();
    // the form stays first: the card just made comes under it
    cards.prepend(form);
    form.querySelector("input:not([type=hidden])")?.focus();
  });
  form.querySelector("input:not([type=hidden])")?.focus();
}

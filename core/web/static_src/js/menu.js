// The side menu on a phone: slides in, closes by Escape, by a touch beside it and by going somewhere.
import { make } from "./dom.js";

export default function attach(button) {
  const side = document.getElementById(button.getAttribute("aria-controls"));
  if (!side) return;
  const veil = make("div", { class: "g-side-veil", hidden: true });
  side.before(veil);
  const show = (open) => {
    side.classList.toggle("g-side-open", open);
    veil.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    // what slides in can hold the focus only once it has begun to be seen
    if (open) requestAnimationFrame(() => requestAnimationFrame(() => side.querySelector("a, button")?.focus()));
    else button.focus();
  };
  button.addEventListener("click", () => show(!side.classList.contains("g-side-open")));
  veil.addEventListener("click", () => show(false));
  side.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
}

// The search box: what is typed may be looked for in each field; the panel holds filters, groups and favourites as links.
import { walk } from "./pop.js";

export default function attach(form) {
  const input = form.querySelector(".g-find-in");
  const panel = form.querySelector(".g-find-pop");
  const typed = panel.querySelector("[data-find-typed]");
  const toggle = form.querySelector("[data-find-toggle]");
  const suggestions = [...panel.querySelectorAll("[data-find-typed] .g-opt")];
  let at = 0;

  const show = (open) => {
    panel.hidden = !open;
    form.classList.toggle("g-find-open", open);
    input.setAttribute("aria-expanded", String(open));
    toggle?.setAttribute("aria-expanded", String(open));
  };
  const mark = (place) => {
    at = (place + suggestions.length) % suggestions.length;
    suggestions.forEach((item, index) => item.classList.toggle("g-opt-on", index === at));
  };
  const suggest = () => {
    const words = input.value.trim();
    if (typed) typed.hidden = !words || !suggestions.length;
    for (const place of panel.querySelectorAll("[data-typed]")) place.textContent = words;
    if (words && suggestions.length) mark(0);
    if (words) show(true);
  };

  input.addEventListener("input", suggest);
  toggle?.addEventListener("click", () => {
    show(panel.hidden);
    if (!panel.hidden) panel.querySelector(".g-find-cols .g-opt")?.focus();
  });
  input.addEventListener("keydown", (event) => {
    const listed = typed && !typed.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (listed) mark(at + (event.key === "ArrowDown" ? 1 : -1));
      else {
        show(true);
        panel.querySelector(".g-find-cols .g-opt")?.focus();
      }
    } else if (event.key === "Enter" && listed) {
      event.preventDefault();
      suggestions[at].click();
    } else if (event.key === "Backspace" && !input.value) {
      [...form.querySelectorAll(".g-facet-x")].at(-1)?.click();
    }
  });
  panel.addEventListener("keydown", (event) => walk(panel, event));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    show(false);
    input.focus();
  });
  // pressing outside closes; so does going on by Tab
  document.addEventListener("pointerdown", (event) => form.isConnected && !form.contains(event.target) && show(false));
  form.addEventListener("focusout", (event) => event.relatedTarget && !form.contains(event.relatedTarget) && show(false));
}

// Show or hide a password, and how strong a new one is.
import { icon } from "./dom.js";
import { text } from "./texts.js";

/** 0 to 4: length counts most, then the kinds of characters; repeating one is worth nothing. */
export function strength(word) {
  if (!word) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(word)).length;
  const distinct = new Set(word).size;
  const points = Math.min(word.length, 2 * distinct) + 2 * (kinds - 1);
  return points < 10 ? 1 : points < 14 ? 2 : points < 18 ? 3 : 4;
}

export default function attach(wrap) {
  const input = wrap.querySelector("input");
  const reveal = wrap.querySelector("[data-reveal]");
  reveal?.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    reveal.setAttribute("aria-pressed", String(shown));
    reveal.setAttribute("aria-label", text(shown ? "hide" : "show"));
    reveal.title = text(shown ? "hide" : "show");
    reveal.replaceChildren(icon(shown ? "eye-off" : "eye", "m"));
  });
  const bar = wrap.hasAttribute("data-strength") ? wrap.parentElement.querySelector("[data-strength-bar]") : null;
  if (!bar) return;
  const show = () => {
    const score = strength(input.value);
    bar.dataset.score = score;
    if (score) bar.setAttribute("aria-label", text(`strength_${score}`));
    [...bar.children].forEach((part, place) => part.classList.toggle("g-on", place < score));
  };
  input.addEventListener("input", show);
  show();
}

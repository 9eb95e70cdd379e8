// The button that goes round light, dark and the theme of the device; the choice is kept on the server.
import { post } from "./server.js";
import { text } from "./texts.js";
import { icon } from "./dom.js";

const ROUND = ["light", "dark", "auto"];
const ICONS = { light: "sun", dark: "moon", auto: "device-desktop" };

export default function attach(button) {
  const root = document.documentElement;
  const show = () => {
    const wish = root.dataset.theme || "auto";
    button.replaceChildren(icon(ICONS[wish], "m"));
    button.setAttribute("aria-label", text(wish));
    button.title = text(wish);
  };
  button.addEventListener("click", () => {
    const next = ROUND[(ROUND.indexOf(root.dataset.theme || "auto") + 1) % ROUND.length];
    root.dataset.theme = next;
    root.dispatchEvent(new Event("g:theme"));
    show();
    if (button.dataset.url) post(button.dataset.url, { theme: next });
  });
  show();
}

// A popover menu: stands under the button that opened it, and its options are walked with the arrow keys.
import { placeUnder } from "./dom.js";

const options = (menu) => [...menu.querySelectorAll("a.g-opt, button.g-opt, input")].filter((item) => !item.disabled && item.offsetParent);

/** Move the focus among the options of a menu; true when the key was one of ours. */
export function walk(menu, event) {
  const items = options(menu);
  const now = items.indexOf(document.activeElement);
  const goals = { ArrowDown: now + 1, ArrowUp: now < 0 ? items.length - 1 : now - 1, Home: 0, End: items.length - 1 };
  if (!(event.key in goals) || !items.length) return false;
  event.preventDefault();
  items[(goals[event.key] + items.length) % items.length].focus();
  return true;
}

export default function attach(menu) {
  const opener = () => document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  menu.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    opener()?.setAttribute("aria-expanded", String(open));
    if (!open) return;
    if (opener()) placeUnder(menu, opener());
    options(menu)[0]?.focus({ preventScroll: true });
  });
  menu.addEventListener("keydown", (event) => walk(menu, event));
  menu.addEventListener("click", (event) => {
    if (event.target.closest("a.g-opt, button.g-opt:not([data-stay])")) menu.hidePopover();
  });
}

// Keys: "/" goes to the search, data-key="c" or "ctrl+s" presses what carries it, Alt held shows them.
import { isTyping } from "./dom.js";

function chord(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  // by place on the keyboard: the same keys work while a Persian layout is on
  const letter = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
  return [...parts, letter].join("+");
}

function visible(element) {
  return element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
}

function press(keys) {
  const scope = document.querySelector("dialog:modal") ?? document;
  const element = [...scope.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find(visible);
  if (!element) return false;
  if (element.matches("input, textarea")) element.focus();
  else element.click();
  return true;
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Alt") {
    document.body.classList.add("g-show-keys");
    return;
  }
  const keys = chord(event);
  const plain = !keys.includes("+");
  if (plain && (isTyping(event.target) || document.querySelector("dialog:modal"))) return;
  if (keys === "/") {
    const search = document.querySelector(".g-find-in");
    if (!search) return;
    event.preventDefault();
    search.focus();
    return;
  }
  if (press(keys)) event.preventDefault();
}

/** Listen on the whole document. */
export function installShortcuts() {
  const hide = () => document.body.classList.remove("g-show-keys");
  document.addEventListener("keydown", onKey);
  document.addEventListener("keyup", (event) => event.key === "Alt" && hide());
  addEventListener("blur", hide);
}

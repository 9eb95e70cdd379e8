// Small helpers over the document: elements, icons, digits, focus.

/** Make an element: make("button", { class: "g-b", type: "button" }, "Save", otherElement). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const FLIPPED = new Set(["chevron-right", "chevron-left", "arrow-right", "arrow-left", "arrow-back-up"]);

/** An icon of the sprite; its name must be in the build (icons.txt lists those that only scripts use). */
export function icon(name, size = "s") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("class", `g-i g-i-${size}${FLIPPED.has(name) ? " g-i-flip" : ""}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.body.dataset.icons ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

/** Any digits (Persian, Arabic) as ASCII ones. */
export function asciiDigits(value) {
  return String(value)
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660);
}

/** The same number in the digits of the reader ("arabext" are the Persian ones). */
export function readerDigits(value, system = document.body.dataset.digits) {
  if (system !== "arabext") return String(value);
  return String(value).replace(/[0-9]/g, (digit) => String.fromCharCode(0x6f0 + Number(digit)));
}

/** Is the person writing, so that single keys are letters and not commands? */
export function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox],[type=radio],[type=button]), textarea, select, [contenteditable], trix-editor"));
}

export const rightToLeft = () => document.documentElement.dir === "rtl";

/** Arrow keys in the direction of reading: -1 back, 1 on, 0 neither. */
export function arrowStep(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return 0;
  return (event.key === "ArrowRight") !== rightToLeft() ? 1 : -1;
}

/** Put a floating box under (or over) what opened it, inside the window. */
export function placeUnder(box, anchor, gap = 4) {
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = innerHeight - at.bottom;
  const top = below >= size.height + gap || below >= at.top ? at.bottom + gap : at.top - gap - size.height;
  const wanted = rightToLeft() ? at.right - size.width : at.left;
  const start = Math.max(8, Math.min(wanted, innerWidth - size.width - 8));
  box.style.inset = `${Math.max(8, Math.min(top, innerHeight - size.height - 8))}px auto auto ${start}px`;
}

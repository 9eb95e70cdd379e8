// Short messages at the foot of the page, with undo while there is time. Also the behaviour of data-g="toast".
import { icon, isTyping, make } from "./dom.js";
import { text } from "./texts.js";

const ICONS = { ok: "circle-check", error: "alert-triangle", info: "info-circle", celebrate: "trophy" };
let lastUndo = null;

function host() {
  let place = document.getElementById("g-toasts");
  if (!place) {
    place = make("div", { id: "g-toasts", role: "status", "aria-live": "polite" });
    document.body.append(place);
  }
  // as a popover it lies over open dialogs; shown again, it comes to the top once more
  place.popover = "manual";
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
  return place;
}

function countDown(element, seconds, end) {
  const bar = make("progress", { max: "100", value: "100", "aria-hidden": "true" });
  element.append(bar);
  let left = seconds * 1000;
  let before = performance.now();
  const tick = (now) => {
    if (!element.isConnected) return;
    // time stands still while the message is pointed at or holds the focus
    if (!element.matches(":hover, :focus-within") && !document.hidden) left -= now - before;
    before = now;
    bar.value = Math.max(0, (100 * left) / (seconds * 1000));
    if (left <= 0) end();
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

function undoButton(url, end) {
  const button = make("button", { type: "button", class: "g-toast-undo" }, icon("arrow-back-up"), text("undo"), make("kbd", {}, "Ctrl Z"));
  button.addEventListener("click", async () => {
    end();
    const { post, refreshPage } = await import("./server.js");
    if ((await post(url)).ok) refreshPage();
  });
  lastUndo = button;
  return button;
}

function fill(element, { text: words, kind = "ok", detail = "", undo = "", seconds = 8 }) {
  const end = () => {
    element.remove();
    if (lastUndo && !lastUndo.isConnected) lastUndo = null;
  };
  const shut = make("button", { type: "button", class: "g-toast-shut", "aria-label": text("close") }, icon("x"));
  shut.addEventListener("click", end);
  const said = make("span", { class: "g-toast-text" }, words);
  if (detail) said.append(make("small", {}, detail));
  element.replaceChildren(icon(ICONS[kind] ?? ICONS.info, "l"), said);
  if (undo) element.append(undoButton(undo, end));
  element.append(shut);
  // errors stay until they are closed: nobody should miss why something was refused
  if (kind !== "error") countDown(element, Number(seconds), end);
}

/** Show a message: { text, kind: ok|error|info, detail, undo: url, seconds }. */
export function toast(message) {
  const element = make("div", { class: "g-toast", "data-kind": message.kind ?? "ok" });
  const place = host();
  fill(element, message);
  place.append(element);
  while (place.children.length > 4) place.firstElementChild.remove();
}

/** A toast the server rendered into the page. */
export default function attach(element) {
  const { text: words, kind, detail, undo, seconds } = element.dataset;
  if (element.closest("#g-toasts")) host();
  fill(element, { text: words ?? element.textContent.trim(), kind, detail, undo, seconds });
  if (kind === "celebrate") import("./celebrate.js").then(({ celebrate }) => celebrate());
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
  if (isTyping(event.target) || !lastUndo?.isConnected) return;
  event.preventDefault();
  lastUndo.click();
});

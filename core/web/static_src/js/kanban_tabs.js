// On a phone one lane is seen at a time: the lanes become tabs over the board, and a swipe goes to the next.
import { arrowStep, make, rightToLeft } from "./dom.js";
import { text } from "./texts.js";

/** Make the strip of tabs for a board; show() draws it again after counts or lanes have changed. */
export function laneTabs(board) {
  const narrow = matchMedia("(max-width: 800px)");
  const strip = make("div", { class: "g-lane-tabs", role: "tablist", "aria-label": text("stages") });
  const filled = () => board.lanes.find((lane) => !lane.classList.contains("g-lane-fold") && lane.querySelector(".g-card-k"));
  let now = (filled() ?? board.lanes[0])?.dataset.lane;

  const choose = (key, focus = false) => {
    now = key;
    show();
    if (focus) strip.querySelector("[aria-selected=true]")?.focus();
  };

  function show() {
    board.element.classList.toggle("g-tabbed", narrow.matches);
    if (!narrow.matches) {
      strip.remove();
      return;
    }
    if (!strip.isConnected) board.element.before(strip);
    strip.replaceChildren(...board.lanes.map((lane) => {
      const on = lane.dataset.lane === now;
      lane.classList.toggle("g-lane-now", on);
      const number = lane.querySelector(".g-lane-head .g-count")?.textContent ?? "";
      const count = make("span", { class: "g-count" }, number);
      const tab = make("button", { type: "button", role: "tab", class: "g-lane-tab", "aria-selected": String(on), tabindex: on ? "0" : "-1" }, lane.dataset.name, count);
      tab.addEventListener("click", () => choose(lane.dataset.lane));
      return tab;
    }));
    strip.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const go = (step, focus) => {
    const keys = board.lanes.map((lane) => lane.dataset.lane);
    const next = keys[keys.indexOf(now) + step];
    if (next !== undefined) choose(next, focus);
  };
  strip.addEventListener("keydown", (event) => arrowStep(event) && go(arrowStep(event), true));
  let start = null;
  board.element.addEventListener("touchstart", (event) => { start = event.touches[0]; }, { passive: true });
  board.element.addEventListener("touchend", (event) => {
    const end = event.changedTouches[0];
    const [x, y] = [end.clientX - start.clientX, end.clientY - start.clientY];
    const dragging = document.querySelector(".g-dragging, .g-ghost");
    if (narrow.matches && !dragging && Math.abs(x) > 70 && Math.abs(x) > 2 * Math.abs(y)) go((x < 0) !== rightToLeft() ? 1 : -1);
  });
  narrow.addEventListener("change", show);
  show();
  return { show };
}

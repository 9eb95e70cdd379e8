// "Move to": the way of a card for those who do not drag.
import { make, placeUnder } from "./dom.js";
import { walk } from "./pop.js";
import { text } from "./texts.js";

/** Open the menu of lanes at an anchor; choosing one moves the card there. */
export function laneMenu(board, card, anchor) {
  const here = card.closest("[data-lane]");
  const menu = make("div", { class: "g-pop", popover: "auto", role: "menu", "aria-label": text("move_to") });
  menu.append(make("p", { class: "g-pop-cap" }, text("move_to")));
  for (const lane of board.lanes) {
    if (lane.hasAttribute("data-locked")) continue;
    const current = lane === here;
    const option = make("button", { type: "button", class: "g-opt", role: "menuitem", disabled: current }, lane.dataset.name);
    option.addEventListener("click", () => {
      menu.hidePopover();
      board.moveTo(card, lane);
    });
    menu.append(option);
  }
  menu.addEventListener("keydown", (event) => {
    event.stopPropagation();
    walk(menu, event);
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) card.focus();
    menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  placeUnder(menu, anchor);
  menu.querySelector("button:not(:disabled)")?.focus();
}

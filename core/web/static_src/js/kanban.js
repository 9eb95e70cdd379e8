// The kanban board: cards move by mouse, touch, keys and menu; the move is shown at once and taken back when it is refused.
import Sortable from "sortablejs/modular/sortable.esm.js";
import { arrowStep, isTyping } from "./dom.js";
import { exchange, post, refreshPage } from "./server.js";
import { laneMenu } from "./kanban_menu.js";
import { laneTabs } from "./kanban_tabs.js";
import { quickCreate } from "./kanban_quick.js";
import { text } from "./texts.js";

// pointer events for mouse and touch alike; a press of a few pixels is still a press, a touch is held before it drags
const TOUCH = { delay: 180, delayOnTouchOnly: true, touchStartThreshold: 4, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 5 };

// while something is dragged the library looks only now and then what lies under it: look once more before it is let go
const lookAgain = () => Sortable.active?._emulateDragOver?.();
for (const kind of ["pointerup", "mouseup", "touchend"]) document.addEventListener(kind, lookAgain, true);

class Board {
  constructor(element) {
    this.element = element;
    this.read();
    element.addEventListener("click", (event) => this.onClick(event));
    element.addEventListener("keydown", (event) => this.onKey(event));
    element.addEventListener("contextmenu", (event) => this.onMenu(event));
    this.tabs = laneTabs(this);
    if (element.dataset.orderUrl) this.sortLanes();
  }

  /** Lanes may come and go with an answer of the server: look again and make new ones sortable. */
  read() {
    for (const lane of this.lanes) {
      const cards = this.cardsOf(lane);
      if (cards && !Sortable.get(cards)) this.sortCards(lane, cards);
    }
  }

  get lanes() {
    return [...this.element.querySelectorAll(":scope > [data-lane]")];
  }

  cardsOf(lane) {
    return lane.querySelector(".g-lane-cards");
  }

  sortCards(lane, cards) {
    new Sortable(cards, {
      ...TOUCH, group: "cards", draggable: ".g-card-k", filter: "button, input, select, textarea, form", preventOnFilter: false,
      animation: 120, ghostClass: "g-ghost", dragClass: "g-dragging", emptyInsertThreshold: 60, scroll: true,
      disabled: lane.hasAttribute("data-locked"),
      onStart: (event) => { event.item.from = event.from; event.item.after = event.item.nextElementSibling; },
      onEnd: (event) => this.moved(event.item, event.item.from, event.item.after),
    });
  }

  sortLanes() {
    new Sortable(this.element, {
      ...TOUCH, draggable: "[data-lane]", handle: ".g-lane-name", filter: "[data-locked]", animation: 120, ghostClass: "g-lane-ghost",
      onEnd: async (event) => {
        if (event.oldIndex === event.newIndex) return;
        const order = this.lanes.map((lane) => lane.dataset.lane).join(",");
        const answer = await post(this.element.dataset.orderUrl, { view: this.element.dataset.view ?? "", order });
        if (!answer.ok) refreshPage();
      },
    });
  }

  /** The card stands where it was let go: tell the server, and take it back when it says no. */
  async moved(card, from, after) {
    const cards = card.parentElement;
    if (cards === from && card.nextElementSibling === after) return;
    const before = card.nextElementSibling?.matches(".g-card-k") ? card.nextElementSibling.dataset.id : "";
    const values = { id: card.dataset.id, to: card.closest("[data-lane]").dataset.lane, before, version: card.dataset.version ?? "" };
    const id = card.id;
    const focused = card.contains(document.activeElement);
    card.classList.add("g-moving");
    const accepted = await exchange(this.element.dataset.moveUrl, values);
    card.classList.remove("g-moving");
    if (!accepted) this.takeBack(card, from, after);
    // the answer may have put a new element in the card's place
    if (focused) document.getElementById(id)?.focus({ preventScroll: true });
    this.tabs.show();
  }

  takeBack(card, from, after) {
    from.insertBefore(card, after?.parentElement === from ? after : from.querySelector(".g-lane-more, .g-lane-none"));
    card.classList.add("g-refused");
    card.addEventListener("animationend", () => card.classList.remove("g-refused"), { once: true });
  }

  /** Move by key or menu: to the top of a lane. */
  moveTo(card, lane) {
    const from = card.parentElement;
    const after = card.nextElementSibling;
    const cards = this.cardsOf(lane);
    if (cards === from) return;
    cards.insertBefore(card, cards.querySelector(".g-card-k"));
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.announce(text("moved", { name: lane.dataset.name }));
    this.moved(card, from, after);
  }

  shift(card, step) {
    const from = card.parentElement;
    const after = card.nextElementSibling;
    const other = step < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (!other?.matches(".g-card-k")) return;
    if (step < 0) other.before(card);
    else other.after(card);
    card.focus();
    this.moved(card, from, after);
  }

  announce(words) {
    this.voice ??= this.element.parentElement.appendChild(Object.assign(document.createElement("p"), { className: "g-hide-read", role: "status" }));
    this.voice.textContent = words;
  }

  onClick(event) {
    const lane = event.target.closest("[data-lane]");
    if (event.target.closest("[data-fold]")) return this.fold(lane);
    if (event.target.closest("[data-quick]")) return quickCreate(this.cardsOf(lane));
    const card = event.target.closest(".g-card-k");
    if (!card) return undefined;
    const button = event.target.closest("[data-card-menu]");
    if (button) return laneMenu(this, card, button);
    if (event.target.closest("a, button, input, label") || String(getSelection())) return undefined;
    return this.open(card, event.ctrlKey || event.metaKey);
  }

  onMenu(event) {
    const card = event.target.closest(".g-card-k");
    if (!card || event.target.closest("a, input") || event.pointerType === "touch") return;
    event.preventDefault();
    laneMenu(this, card, card);
  }

  open(card, apart = false) {
    if (!card.dataset.href) return;
    if (apart) open(card.dataset.href, "_blank", "noopener");
    else location.assign(card.dataset.href);
  }

  fold(lane) {
    const folded = lane.classList.toggle("g-lane-fold");
    lane.querySelector("[data-fold]").setAttribute("aria-expanded", String(!folded));
    const { foldUrl, view = "" } = this.element.dataset;
    if (foldUrl) post(foldUrl, { view, lane: lane.dataset.lane, folded: folded ? "1" : "0" });
  }

  onKey(event) {
    const card = event.target.closest(".g-card-k");
    if (!card || isTyping(event.target)) return;
    const step = arrowStep(event);
    const upDown = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
    if (event.key === "Enter" && event.target === card) this.open(card);
    else if (event.code === "KeyM" && !event.ctrlKey && !event.altKey) laneMenu(this, card, card);
    else if (step) this.sideways(card, step, event.ctrlKey || event.metaKey);
    else if (upDown && (event.ctrlKey || event.metaKey)) this.shift(card, upDown);
    else if (upDown) this.focusIn(card.parentElement, [...card.parentElement.querySelectorAll(".g-card-k")].indexOf(card) + upDown);
    else return;
    event.preventDefault();
  }

  sideways(card, step, move) {
    const lanes = this.lanes;
    let place = lanes.indexOf(card.closest("[data-lane]")) + step;
    if (move) {
      if (lanes[place]) this.moveTo(card, lanes[place]);
      return;
    }
    const row = [...card.parentElement.querySelectorAll(".g-card-k")].indexOf(card);
    while (lanes[place] && !lanes[place].querySelector(".g-card-k")) place += step;
    if (lanes[place]) this.focusIn(this.cardsOf(lanes[place]), row, true);
  }

  focusIn(cards, place, clamp = false) {
    const all = [...cards.querySelectorAll(".g-card-k")];
    (all[place] ?? (clamp ? all.at(-1) : null))?.focus();
  }
}

export default function attach(element) {
  const board = new Board(element);
  const look = () => {
    if (!element.isConnected) return document.body.removeEventListener("htmx:afterSettle", look);
    board.read();
    board.tabs.show();
    return undefined;
  };
  document.body.addEventListener("htmx:afterSettle", look);
}

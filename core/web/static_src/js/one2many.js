// Lines of a record as a grid: add, remove, order; Tab in the last cell begins the next line.
import Sortable from "sortablejs/modular/sortable.core.esm.js";

const FIELDS = "input:not([type=hidden]):not([type=file]), select, textarea";

class Lines {
  constructor(box) {
    this.box = box;
    this.body = box.querySelector("tbody");
    this.pattern = box.querySelector("template[data-line-new]");
    this.next = this.lines.length;
    box.addEventListener("click", (event) => {
      if (event.target.closest("[data-line-add]")) this.add();
      if (event.target.closest("[data-line-delete]")) this.remove(event.target.closest("[data-line]"));
    });
    box.addEventListener("keydown", (event) => this.onKey(event));
    new Sortable(this.body, { draggable: "[data-line]", handle: "[data-grip]", animation: 120, onEnd: () => this.number() });
  }

  get lines() {
    return [...this.body.querySelectorAll("[data-line]")];
  }

  get seen() {
    return this.lines.filter((line) => !line.hidden);
  }

  changed() {
    this.box.dispatchEvent(new Event("g:change", { bubbles: true }));
  }

  add() {
    if (!this.pattern) return;
    const holder = document.createElement("template");
    holder.innerHTML = this.pattern.innerHTML.replaceAll("__i__", String(this.next));
    this.next += 1;
    const line = holder.content.querySelector("[data-line]");
    this.body.append(line);
    this.number();
    line.querySelector(FIELDS)?.focus();
  }

  /** A line the server knows is kept, hidden and marked; a new one just goes. */
  remove(line) {
    const id = line.querySelector('input[name$="-id"]');
    const at = this.seen.indexOf(line);
    if (id?.value) {
      line.append(Object.assign(document.createElement("input"), { type: "hidden", name: id.name.replace(/-id$/, "-delete"), value: "1" }));
      line.hidden = true;
    } else line.remove();
    this.number();
    const near = this.seen[Math.min(at, this.seen.length - 1)];
    (near?.querySelector(FIELDS) ?? this.box.querySelector("[data-line-add]"))?.focus();
  }

  number() {
    this.seen.forEach((line, place) => {
      const sequence = line.querySelector("[data-sequence]");
      if (sequence) sequence.value = String(place + 1);
    });
    this.changed();
  }

  shift(line, step) {
    const seen = this.seen;
    const other = seen[seen.indexOf(line) + step];
    if (!other) return;
    if (step < 0) other.before(line);
    else other.after(line);
    this.number();
  }

  onKey(event) {
    const line = event.target.closest("[data-line]");
    if (!line) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      this.shift(line, event.key === "ArrowUp" ? -1 : 1);
      event.target.focus();
      return;
    }
    const fields = [...line.querySelectorAll(FIELDS)].filter((field) => field.tabIndex >= 0 && field.offsetParent);
    const last = line === this.seen.at(-1) && event.target === fields.at(-1);
    if (event.key === "Tab" && !event.shiftKey && last && this.pattern && fields.some((field) => field.value)) {
      event.preventDefault();
      this.add();
    }
    if (event.key === "Enter" && event.target.matches("input") && !event.target.closest(".ts-wrapper")) {
      // Enter in a cell begins a line, it does not send the form
      event.preventDefault();
      this.add();
    }
  }
}

export default function attach(box) {
  new Lines(box);
}

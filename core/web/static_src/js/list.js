// The list: rows are walked, opened and selected by mouse and keys; what is selected wakes the bulk bar.
import { isTyping } from "./dom.js";
import { pretty } from "./number.js";
import { exchange } from "./server.js";
import { text } from "./texts.js";

const boxOf = (row) => row.querySelector('input[name="ids"]');

class List {
  constructor(sheet) {
    this.sheet = sheet;
    this.page = sheet.closest("#main") ?? document.body;
    this.bar = this.page.querySelector("[data-bulk]");
    this.rows = [...sheet.querySelectorAll("tr[data-id]")];
    this.every = false;
    this.anchor = null;
    this.rows.forEach((row, place) => { row.tabIndex = place ? -1 : 0; });
    sheet.addEventListener("click", (event) => this.onClick(event));
    sheet.addEventListener("keydown", (event) => this.onKey(event));
    sheet.addEventListener("change", (event) => this.onCheck(event));
    this.bar?.addEventListener("click", (event) => this.onBar(event));
    this.show();
  }

  get picked() {
    return this.rows.filter((row) => boxOf(row)?.checked);
  }

  pick(row, on) {
    const box = boxOf(row);
    if (box) box.checked = on;
  }

  pickRange(from, to, on = true) {
    const [first, last] = [this.rows.indexOf(from), this.rows.indexOf(to)].sort((a, b) => a - b);
    for (const row of this.rows.slice(Math.max(0, first), last + 1)) this.pick(row, on);
  }

  show() {
    const picked = this.picked;
    for (const row of this.rows) row.classList.toggle("g-picked", Boolean(boxOf(row)?.checked));
    for (const [box, rows] of this.heads()) {
      const count = rows.filter((row) => boxOf(row)?.checked).length;
      box.checked = count > 0 && count === rows.length;
      box.indeterminate = count > 0 && count < rows.length;
    }
    if (!this.bar) return;
    if (!picked.length) this.every = false;
    this.bar.hidden = !picked.length;
    const words = this.bar.querySelector("[data-bulk-text]");
    const all = this.bar.querySelector("[data-bulk-every]");
    const count = this.every ? Number(all?.dataset.total) : picked.length;
    if (words) words.textContent = text("selected", { count: pretty(String(count)) });
    if (all) all.hidden = this.every || Number(all.dataset.total) <= picked.length;
  }

  heads() {
    const all = this.sheet.querySelector("[data-check-all]");
    const groups = [...this.sheet.querySelectorAll("[data-check-group]")];
    const inGroup = (box) => this.rows.filter((row) => row.closest("tbody") === box.closest("tbody"));
    return [...(all ? [[all, this.rows]] : []), ...groups.map((box) => [box, inGroup(box)])];
  }

  onCheck(event) {
    const head = this.heads().find(([box]) => box === event.target);
    if (head) for (const row of head[1]) this.pick(row, event.target.checked);
    this.show();
  }

  onClick(event) {
    const row = event.target.closest("tr[data-id]");
    if (!row) return;
    const box = event.target.closest('input[name="ids"]');
    if (box || (event.shiftKey && this.anchor)) {
      if (event.shiftKey && this.anchor) {
        this.pickRange(this.anchor, row, box ? box.checked : true);
        getSelection()?.removeAllRanges();
      }
      this.anchor = row;
      this.show();
      return;
    }
    // links and buttons in the row act by themselves; text being marked is not a press
    if (event.target.closest("a, button, input, label, select") || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
    else if (row.dataset.href) location.assign(row.dataset.href);
  }

  move(row, event) {
    const next = this.rows[this.rows.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    if (event.shiftKey) {
      this.pick(row, true);
      this.pick(next, true);
      this.show();
    }
    row.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  onKey(event) {
    const row = event.target.closest("tr[data-id]");
    if (!row || isTyping(event.target)) return;
    const onRow = event.target === row;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.move(row, event);
    else if (event.key === "Enter" && onRow) location.assign(row.dataset.href);
    else if (event.key === " " && onRow) this.pick(row, !boxOf(row)?.checked);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) this.rows.forEach((each) => this.pick(each, true));
    else if (event.key === "Escape") this.rows.forEach((each) => this.pick(each, false));
    else return;
    event.preventDefault();
    this.show();
  }

  onBar(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-bulk-clear")) this.rows.forEach((row) => this.pick(row, false));
    if (button.hasAttribute("data-bulk-every")) this.every = true;
    if (button.dataset.bulkUrl) this.send(button.dataset.bulkUrl);
    this.show();
  }

  send(url) {
    const ids = this.picked.map((row) => row.dataset.id);
    const values = this.every ? { every: "1", query: location.search } : { ids };
    return exchange(url, values, { target: "#g-dialogs", swap: "innerHTML" });
  }
}

export default function attach(sheet) {
  new List(sheet);
}

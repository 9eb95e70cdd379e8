// A date field: text the server understands, and a calendar (Gregorian or Jalali) that opens under it.
import { icon, make, placeUnder, readerDigits, rightToLeft } from "./dom.js";
import { calendarOf, monthTitle, readDay, readTime, spoken, todayNumber, weekday, weekdayNames } from "./calendar.js";
import { text } from "./texts.js";

const setting = (input, name) => input.dataset[name] ?? document.body.dataset[name];

class Picker {
  constructor(input) {
    this.input = input;
    this.calendar = calendarOf(setting(input, "calendar"));
    this.digits = setting(input, "digits");
    this.firstDay = Number(setting(input, "firstDay") ?? 1);
    this.offDay = setting(input, "calendar") === "jalali" ? 5 : 0;
    this.withTime = input.dataset.time === "1";
    this.box = make("div", { class: "g-pop g-cal", popover: "manual", role: "dialog", "aria-label": text("choose_day") });
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.box.addEventListener("click", (event) => this.onClick(event));
    this.box.addEventListener("focusout", (event) => this.onLeave(event));
    input.after(this.box);
    input.addEventListener("click", () => this.open());
    input.addEventListener("focusout", (event) => this.onLeave(event));
    input.addEventListener("keydown", (event) => this.onInputKey(event));
    input.addEventListener("input", () => this.isOpen && this.follow());
  }

  get isOpen() {
    return this.box.matches(":popover-open");
  }

  open() {
    this.chosen = readDay(this.input.value, this.calendar);
    this.at = this.chosen ?? todayNumber();
    this.draw();
    if (!this.isOpen) this.box.showPopover();
    placeUnder(this.box, this.input);
  }

  close() {
    if (this.isOpen) this.box.hidePopover();
  }

  follow() {
    const number = readDay(this.input.value, this.calendar);
    if (number === null) return;
    this.chosen = number;
    this.at = number;
    this.draw();
  }

  draw() {
    const { year, month } = this.calendar.fromDay(this.at);
    const first = this.calendar.toDay(year, month, 1);
    const start = first - ((weekday(first) - this.firstDay + 7) % 7);
    const rows = Math.ceil((first - start + this.calendar.monthLength(year, month)) / 7);
    const head = make("tr", {}, ...weekdayNames(this.firstDay).map((name) => make("th", { scope: "col", abbr: name.long }, name.short)));
    const weeks = Array.from({ length: rows }, (_, row) =>
      make("tr", {}, ...Array.from({ length: 7 }, (_, place) => this.cell(start + 7 * row + place, month))));
    const grid = make("table", { class: "g-cal-grid", role: "grid" }, make("thead", {}, head), make("tbody", {}, ...weeks));
    this.box.replaceChildren(this.head(), grid, this.foot());
  }

  cell(number, month) {
    return make("td", { "aria-selected": number === this.chosen ? "true" : null }, this.day(number, month));
  }

  day(number, month) {
    const date = this.calendar.fromDay(number);
    const classes = ["g-cal-day", date.month !== month && "g-cal-out", weekday(number) === this.offDay && "g-cal-off", number === todayNumber() && "g-cal-today"];
    return make("button", {
      type: "button", class: classes.filter(Boolean).join(" "), "data-day": number, tabindex: number === this.at ? "0" : "-1",
      "aria-label": spoken(number, this.calendar, this.digits),
    }, readerDigits(date.day, this.digits));
  }

  head() {
    const turn = (step, name, label) => make("button", { type: "button", class: "g-icon-btn g-icon-btn-s", "data-turn": step, "aria-label": text(label) }, icon(name));
    const title = make("span", { class: "g-cal-title", "aria-live": "polite" }, monthTitle(this.at, this.calendar, this.digits));
    return make("div", { class: "g-cal-head" }, turn(-1, "chevron-left", "previous_month"), title, turn(1, "chevron-right", "next_month"));
  }

  foot() {
    const today = make("button", { type: "button", class: "g-b g-b-quiet g-b-s", "data-today": true }, text("today"));
    const clear = make("button", { type: "button", class: "g-b g-b-quiet g-b-s g-push", "data-clear": true }, text("clear"));
    const time = this.withTime ? make("input", { class: "g-in g-cal-time g-in-ltr", "aria-label": text("time"), inputmode: "numeric", placeholder: "09:00", value: readerDigits(this.time(), this.digits) }) : null;
    time?.addEventListener("change", () => this.write(this.chosen ?? this.at, readTime(time.value)));
    return make("div", { class: "g-cal-foot" }, today, time, clear);
  }

  time() {
    return readTime(this.input.value);
  }

  write(number, time = this.time()) {
    const date = number === null ? "" : this.calendar.write(this.calendar.fromDay(number));
    this.input.value = readerDigits(date && this.withTime ? `${date} ${time || "09:00"}` : date, this.digits);
    this.chosen = number;
    for (const kind of ["input", "change"]) this.input.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  choose(number) {
    this.write(number);
    this.input.focus();
    this.close();
  }

  show(number) {
    this.at = number;
    this.draw();
    this.box.querySelector(`[data-day="${number}"]`)?.focus();
  }

  /** The same day in another month, or its last when the month is shorter. */
  turned(step) {
    const { year, month, day } = this.calendar.fromDay(this.at);
    const place = year * 12 + (month - 1) + step;
    const [newYear, newMonth] = [Math.floor(place / 12), (place % 12) + 1];
    return this.calendar.toDay(newYear, newMonth, Math.min(day, this.calendar.monthLength(newYear, newMonth)));
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.day) this.choose(Number(button.dataset.day));
    else if (button.dataset.turn) {
      this.at = this.turned(Number(button.dataset.turn));
      this.draw();
      this.box.querySelector(`[data-turn="${button.dataset.turn}"]`)?.focus();
    } else this.choose("today" in button.dataset ? todayNumber() : null);
  }

  onKey(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.input.focus();
      this.close();
      return;
    }
    if (!event.target.dataset.day) return;
    const side = rightToLeft() ? -1 : 1;
    const steps = { ArrowUp: -7, ArrowDown: 7, ArrowLeft: -side, ArrowRight: side };
    if (event.key in steps) this.show(this.at + steps[event.key]);
    else if (event.key === "PageUp" || event.key === "PageDown") this.show(this.turned((event.shiftKey ? 12 : 1) * (event.key === "PageUp" ? -1 : 1)));
    else return;
    event.preventDefault();
  }

  onInputKey(event) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.open();
      this.box.querySelector('[tabindex="0"]')?.focus();
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter") this.close();
  }

  onLeave(event) {
    // drawing again takes the focused day away for a moment: look when it has settled
    setTimeout(() => {
      const active = document.activeElement;
      if (active !== this.input && !this.box.contains(active) && event.relatedTarget !== null) this.close();
    });
  }
}

export default function attach(input) {
  const picker = new Picker(input);
  document.addEventListener("pointerdown", (event) => {
    if (picker.isOpen && event.target !== input && !picker.box.contains(event.target)) picker.close();
  });
}

// The chooser of columns: tick, drag or Alt+arrow into order; the choice is kept and the list read again.
import Sortable from "sortablejs/modular/sortable.core.esm.js";
import { placeUnder } from "./dom.js";
import { post, refreshPage } from "./server.js";

export default function attach(chooser) {
  const options = () => [...chooser.querySelectorAll("label.g-opt")];
  let changed = false;
  let timer = 0;
  const save = async () => {
    changed = false;
    const fields = options().map((option) => option.querySelector("input")).filter((box) => box.checked).map((box) => ["columns", box.value]);
    fields.push(["view", chooser.dataset.view ?? ""]);
    if ((await post(chooser.dataset.url, fields)).ok) refreshPage();
  };
  const note = () => {
    changed = true;
    clearTimeout(timer);
    // while the chooser is open several ticks make one request
    timer = setTimeout(() => chooser.matches(":popover-open") || save(), 0);
  };
  chooser.addEventListener("change", note);
  chooser.addEventListener("toggle", (event) => {
    const opener = document.querySelector(`[popovertarget="${CSS.escape(chooser.id)}"]`);
    if (event.newState === "open" && opener) placeUnder(chooser, opener);
    if (event.newState === "closed" && changed) save();
  });
  chooser.addEventListener("keydown", (event) => {
    const option = event.target.closest("label.g-opt");
    if (!option || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const other = event.key === "ArrowUp" ? option.previousElementSibling : option.nextElementSibling;
    if (!other?.matches("label.g-opt")) return;
    if (event.key === "ArrowUp") other.before(option);
    else other.after(option);
    option.querySelector("input").focus();
    note();
  });
  new Sortable(chooser, { draggable: "label.g-opt", handle: ".g-grip", animation: 120, onEnd: note });
}

// A text with bold, lists and links: Trix over the textarea that carries the value.
import Trix from "trix/dist/trix.esm.js";
import { make } from "./dom.js";
import { TEXT_KEYS, text } from "./texts.js";

function loadStyles() {
  const address = document.body.dataset.editorCss;
  if (!address || document.querySelector("link[data-editor]")) return;
  document.head.append(make("link", { rel: "stylesheet", href: address, "data-editor": "" }));
}

/** Its buttons speak the reader's language. */
function translate() {
  for (const key of Object.keys(TEXT_KEYS)) {
    if (key.startsWith("rich_")) Trix.config.lang[key.slice(5)] = text(key);
  }
}

export default function attach(area) {
  loadStyles();
  translate();
  // files go to the attachments of the record, not into its text
  Trix.config.attachments.preview.caption = { name: false, size: false };
  const source = make("input", { type: "hidden", id: `${area.id || area.name}-html`, value: area.value });
  const editor = make("trix-editor", { input: source.id, class: "g-prose g-in", "aria-label": area.labels?.[0]?.textContent ?? area.getAttribute("aria-label") ?? "" });
  area.after(source, editor);
  area.hidden = true;
  editor.addEventListener("trix-file-accept", (event) => event.preventDefault());
  editor.addEventListener("trix-change", () => {
    if (document.activeElement !== editor && !editor.contains(document.activeElement) && source.value === area.value) return;
    area.value = source.value;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const label of area.labels ?? []) label.addEventListener("click", () => editor.focus());
}

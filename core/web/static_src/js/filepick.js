// Choosing files: names and a picture are shown at once, files may be dropped, a stored one may be taken off.
import { readerDigits } from "./dom.js";

function size(bytes) {
  const kilo = Math.max(1, Math.round(bytes / 1024));
  return kilo < 1024 ? `${readerDigits(kilo)} kB` : `${readerDigits((kilo / 1024).toFixed(1))} MB`;
}

export default function attach(box) {
  const input = box.querySelector("input[type=file]");
  const names = box.querySelector("[data-file-names]");
  const preview = box.querySelector("[data-file-preview]");
  const clear = box.querySelector("[data-file-clear]");
  const cleared = box.querySelector("[data-file-clear-value]");
  if (!input) return;
  input.addEventListener("change", () => {
    const files = [...input.files];
    if (names) names.textContent = files.map((file) => `${file.name} (${size(file.size)})`).join(", ");
    if (preview && files[0]?.type.startsWith("image/")) preview.src = URL.createObjectURL(files[0]);
    if (cleared && files.length) cleared.value = "";
  });
  clear?.addEventListener("click", () => {
    cleared.value = "1";
    for (const old of box.querySelectorAll(".g-file-chip, .g-file-img")) old.remove();
    clear.remove();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    box.classList.add("g-drop");
  });
  box.addEventListener("dragleave", () => box.classList.remove("g-drop"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("g-drop");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

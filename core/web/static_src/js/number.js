// A number typed in any digits: shown grouped, in the reader's own, when it is left.
import { asciiDigits, readerDigits } from "./dom.js";

function read(value) {
  const plain = asciiDigits(value).replace(/٬/g, "").replace(/٫/g, ".").replace(/[\s\u200e\u200f\u202f\u00a0']/g, "");
  // "1,234" groups, "1,5" does not: a comma is only a group mark before three digits
  const bare = plain.replace(/,(?=\d{3}(\D|$))/g, "").replace(/[−–]/g, "-");
  return /^[-+]?\d*\.?\d+$|^[-+]?\d+\.$/.test(bare) ? bare : null;
}

/** Group and write a number as its reader does; what is no number is left as it is for the server to explain. */
export function pretty(value, decimals) {
  const bare = read(value);
  if (bare === null) return value;
  const persian = document.body.dataset.digits === "arabext";
  const [whole, part = ""] = bare.replace(/^\+/, "").split(".");
  const kept = decimals === undefined ? part : part.padEnd(part ? Math.min(decimals, 2) : 0, "0");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, persian ? "٬" : ",");
  return readerDigits(kept ? `${grouped}${persian ? "٫" : "."}${kept}` : grouped);
}

export default function attach(input) {
  const decimals = input.dataset.decimals === undefined ? undefined : Number(input.dataset.decimals);
  input.addEventListener("change", () => {
    input.value = pretty(input.value, decimals);
  });
}

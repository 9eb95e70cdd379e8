// idiomorph as an htmx swap: hx-swap="morph:outerHTML" changes only what differs, so focus and scrolling stay.
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

/** Register the swap with htmx. */
export function installMorph(htmx) {
  htmx.defineExtension("morph", {
    isInlineSwap: (style) => style.startsWith("morph"),
    handleSwap(style, target, fragment) {
      if (!style.startsWith("morph")) return undefined;
      const inner = style === "morph:innerHTML";
      return Idiomorph.morph(target, fragment.children, { morphStyle: inner ? "innerHTML" : "outerHTML" });
    },
  });
}

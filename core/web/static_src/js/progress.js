// A fragment that replaces itself from time to time until the answer no longer asks for it; rests while the tab is hidden.
import htmx from "htmx.org/dist/htmx.esm.js";

export default function attach(element) {
  const seconds = Math.max(0.5, Number(element.dataset.every) || 1);
  const next = () => {
    if (!element.isConnected) return;
    if (document.hidden) document.addEventListener("visibilitychange", next, { once: true });
    else htmx.ajax("GET", element.dataset.url, { source: element, target: element, swap: "outerHTML" });
  };
  setTimeout(next, seconds * 1000);
}

// Choosing one record (many2one) or several (tags): the server is asked while one types; what is missing can be made.
import htmx from "htmx.org/dist/htmx.esm.js";
import TomSelect from "tom-select/dist/esm/tom-select.js";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";
import { make } from "./dom.js";
import { getJson, post } from "./server.js";
import { text } from "./texts.js";

TomSelect.define("remove_button", removeButton);

function shown(data, many) {
  if (!many) return make("div", { class: "item" }, data.text);
  return make("div", { class: `item g-tag c${Number(data.color ?? 0) % 12}` }, data.text);
}

function renderers(many) {
  return {
    option: (data) => make("div", { class: "option" },
      many ? make("span", { class: `g-tag c${Number(data.color ?? 0) % 12}` }, data.text) : make("span", { class: "g-cut" }, data.text),
      data.hint ? make("span", { class: "g-soft g-push g-small" }, data.hint) : null),
    item: (data) => shown(data, many),
    option_create: (data) => make("div", { class: "create" }, text("add_new", { name: data.input })),
    no_results: () => make("div", { class: "no-results" }, text("no_hits")),
    loading: () => make("div", { class: "loading" }, make("span", { class: "g-spin" }), text("loading")),
  };
}

function loader(select) {
  let last = null;
  return async function load(query, done) {
    last?.abort();
    last = new AbortController();
    try {
      const url = new URL(select.dataset.url, location.href);
      url.searchParams.set("q", query);
      const found = (await getJson(url, last.signal)) ?? [];
      // the server has chosen: what earlier words had found is offered no longer, but what is picked stays
      this.clearOptions();
      done(found);
    } catch {
      done([]);
    }
  };
}

/** A record that needs more than a name: its small dialog opens; resolves to the new choice, or nothing when it is closed. */
function askMore(html) {
  const place = document.getElementById("g-dialogs");
  place.insertAdjacentHTML("beforeend", html);
  htmx.process(place.lastElementChild);
  return new Promise((resolve) => {
    const finish = (choice) => {
      document.body.removeEventListener("g:made", made);
      document.removeEventListener("close", closed, true);
      resolve(choice);
    };
    const made = (event) => {
      finish(event.detail);
      place.querySelector("#g-make")?.close();
    };
    const closed = (event) => event.target.id === "g-make" && finish(undefined);
    document.body.addEventListener("g:made", made);
    document.addEventListener("close", closed, true);
  });
}

function creator(select) {
  if (!select.dataset.createUrl) return false;
  return async (name, done) => {
    const response = await post(select.dataset.createUrl, { name }).catch(() => null);
    const asks = response?.headers.get("Content-Type")?.startsWith("text/html");
    if (asks) done(await askMore(await response.text()));
    else done(response?.ok ? await response.json() : undefined);
    // the focus comes back with the answer; the choices need not open again
    setTimeout(() => select.tomselect?.close(false));
  };
}

/** An answer that comes late opens no choices, and takes no focus, where the person has chosen or gone on. */
function stayBehind(chooser, many) {
  const open = chooser.open.bind(chooser);
  let chosen = false;
  const again = () => { chosen = false; };
  if (!many) chooser.on("item_add", () => { chosen = true; });
  chooser.on("blur", again);
  for (const kind of ["pointerdown", "keydown", "input"]) chooser.wrapper.addEventListener(kind, again, true);
  chooser.hook("instead", "open", () => {
    const active = document.activeElement;
    if (!chosen && (!active || active === document.body || chooser.wrapper.contains(active))) open();
  });
}

/** The small link beside the field goes where the chosen record is. */
function followLink(select, chooser) {
  const link = select.parentElement.querySelector("[data-open-link]");
  if (!link) return;
  chooser.on("change", (value) => {
    link.hidden = !value;
    if (value) link.href = select.dataset.open.replace("{id}", encodeURIComponent(value));
  });
}

function startOptions(select) {
  return [...select.options].filter((option) => option.value)
    .map((option) => ({ id: option.value, text: option.textContent, color: option.dataset.color, hint: option.dataset.hint }));
}

export default function attach(select) {
  const many = select.multiple;
  const label = select.labels?.[0]?.textContent ?? select.getAttribute("aria-label") ?? "";
  // the chooser's box takes over the classes of the select: the field look is drawn on its control instead
  select.classList.remove("g-in");
  const remote = Boolean(select.dataset.url);
  const chooser = new TomSelect(select, {
    valueField: "id", labelField: "text", searchField: ["text"], maxItems: many ? null : 1, maxOptions: 60, options: startOptions(select),
    plugins: many ? { remove_button: { label: "×", title: text("remove") } } : {},
    create: creator(select), persist: true, allowEmptyOption: false, closeAfterSelect: !many, selectOnTab: true, openOnFocus: true,
    ...(remote ? { load: loader(select), shouldLoad: () => true, preload: "focus", loadThrottle: 200, score: () => () => 1 } : {}),
    placeholder: select.getAttribute("placeholder") ?? "", hidePlaceholder: true, controlInput: "<input>", render: renderers(many),
    onChange() { select.dispatchEvent(new Event("g:change", { bubbles: true })); },
  });
  stayBehind(chooser, many);
  select.setAttribute("aria-label", label.replace("*", "").trim());
  chooser.control_input.setAttribute("aria-label", label.replace("*", "").trim());
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) chooser.control_input.setAttribute(name, select.getAttribute(name));
  }
  // Backspace or Delete on the closed single field empties it
  if (!many) followLink(select, chooser);
}

// Entry: htmx with our manners, and the loader that brings a behaviour when an element asks for it by data-g.
import htmx from "htmx.org/dist/htmx.esm.js";
import { installMorph } from "./morph.js";
import { installConfirm } from "./confirm.js";
import { installShortcuts } from "./shortcuts.js";
import { askLogin, csrfToken, explain, refreshPage, renewToken } from "./server.js";
import { toast } from "./toast.js";

const BEHAVIOURS = {
  clash: () => import("./clash.js"),
  columns: () => import("./columns.js"),
  date: () => import("./date.js"),
  dialog: () => import("./opener.js"),
  dirty: () => import("./dirty.js"),
  filepick: () => import("./filepick.js"),
  kanban: () => import("./kanban.js"),
  list: () => import("./list.js"),
  many2one: () => import("./many2one.js"),
  menu: () => import("./menu.js"),
  modal: () => import("./modal.js"),
  number: () => import("./number.js"),
  one2many: () => import("./one2many.js"),
  password: () => import("./password.js"),
  pop: () => import("./pop.js"),
  progress: () => import("./progress.js"),
  richtext: () => import("./richtext.js"),
  search: () => import("./search.js"),
  tabs: () => import("./tabs.js"),
  tags: () => import("./many2one.js"),
  theme: () => import("./theme.js"),
  toast: () => import("./toast.js"),
};

const attached = new WeakMap();
let waiting = 0;

async function bring(element, name, importer) {
  waiting += 1;
  try {
    const module = await importer();
    if (element.isConnected) await module.default(element, name);
  } catch (problem) {
    console.error(`behaviour ${name} failed`, problem);
  } finally {
    waiting -= 1;
    // tests and other scripts can wait for this instead of for a time
    document.documentElement.dataset.ready = waiting ? "0" : "1";
  }
}

function attach(element) {
  const done = attached.get(element) ?? new Set();
  attached.set(element, done);
  for (const name of (element.dataset.g ?? "").split(/\s+/).filter(Boolean)) {
    if (done.has(name) || !BEHAVIOURS[name]) continue;
    done.add(name);
    bring(element, name, BEHAVIOURS[name]);
  }
  // a module of an addon from elsewhere, by address
  const source = element.dataset.gSrc;
  if (source && !done.has(source)) {
    done.add(source);
    bring(element, source, () => import(source));
  }
}

function attachAll(root) {
  if (root.matches?.("[data-g], [data-g-src]")) attach(root);
  for (const element of root.querySelectorAll?.("[data-g], [data-g-src]") ?? []) attach(element);
}

async function again(detail) {
  try {
    await askLogin();
  } catch {
    return;
  }
  const { elt, requestConfig } = detail;
  if (elt.matches("form")) elt.requestSubmit(requestConfig.triggeringEvent?.submitter ?? undefined);
  else {
    const values = Object.fromEntries(requestConfig.formData?.entries?.() ?? []);
    htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target: detail.target, values });
  }
}

function listenToHtmx(body) {
  body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  body.addEventListener("htmx:beforeRequest", () => document.documentElement.classList.add("g-busy"));
  body.addEventListener("htmx:afterRequest", (event) => {
    document.documentElement.classList.remove("g-busy");
    renewToken(event.detail.xhr?.getResponseHeader("X-CSRF-Token"));
  });
  body.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 401) return again(event.detail);
    if (!/toast/.test(xhr.getResponseHeader("HX-Trigger") ?? "")) toast({ text: explain(xhr.status), kind: "error" });
    return undefined;
  });
  // a refusal with no words of its own in the body changes nothing on the page
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400 && !event.detail.xhr.responseText.trim()) event.detail.shouldSwap = false;
  });
  body.addEventListener("htmx:sendError", () => toast({ text: explain(0), kind: "error" }));
  body.addEventListener("toast", (event) => toast({ ...event.detail, text: event.detail.text ?? event.detail.value }));
  body.addEventListener("celebrate", async () => (await import("./celebrate.js")).celebrate());
  body.addEventListener("refreshPage", () => refreshPage());
  body.addEventListener("closeDialog", () => {
    for (const dialog of document.querySelectorAll("#g-dialogs dialog[open]")) dialog.close();
  });
  // after a form came back with errors, the first word about them is read and seen
  body.addEventListener("htmx:afterSettle", () => document.querySelector("#main .g-says-bad[role=alert]")?.focus());
}

function start() {
  installMorph(htmx);
  installConfirm();
  installShortcuts();
  listenToHtmx(document.body);
  attachAll(document.body);
  document.documentElement.dataset.ready ??= "1";
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) attachAll(node);
  }).observe(document.body, { childList: true, subtree: true });
}

start();

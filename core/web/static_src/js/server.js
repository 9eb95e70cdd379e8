// Talking to the server: one way for all modules, with the CSRF token, toasts of refusals and log-in in place.
import htmx from "htmx.org/dist/htmx.esm.js";
import { make } from "./dom.js";
import { text } from "./texts.js";
import { toast } from "./toast.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`);

export const csrfToken = () => meta("csrf-token")?.content ?? "";

/** After a log-in in place the session has a new token: every form on the page gets it. */
export function renewToken(value) {
  if (!value) return;
  meta("csrf-token")?.setAttribute("content", value);
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = value;
}

let login = null;

/** Open the log-in dialog over the page; resolves when the person is logged in again, rejects when it is closed. */
export function askLogin() {
  login ??= new Promise((resolve, reject) => {
    const done = () => { stop(); resolve(); };
    const closed = () => { stop(); reject(new Error("closed")); };
    const stop = () => {
      document.body.removeEventListener("loggedIn", done);
      document.body.removeEventListener("g:login-closed", closed);
      login = null;
    };
    document.body.addEventListener("loggedIn", done);
    document.body.addEventListener("g:login-closed", closed);
    htmx.ajax("GET", meta("g-login")?.content ?? "/login", { target: "#g-dialogs", swap: "innerHTML" }).then(() => {
      const dialog = document.querySelector("#g-dialogs dialog");
      if (!dialog) return closed();
      dialog.addEventListener("close", () => document.body.dispatchEvent(new Event("g:login-closed")), { once: true });
    });
  });
  return login;
}

/** Fire the events a response names in HX-Trigger, as htmx does for its own requests. */
function fireTriggers(header) {
  if (!header) return false;
  let named = header.split(",").map((name) => [name.trim(), {}]);
  if (header.trim().startsWith("{")) named = Object.entries(JSON.parse(header));
  for (const [name, detail] of named) htmx.trigger(document.body, name, detail);
  return named.some(([name]) => name === "toast");
}

/** The sentence for an answer that failed and said nothing itself. */
export function explain(status) {
  if (status === 0) return text("offline");
  if (status === 403) return text("forbidden");
  if (status === 404) return text("gone");
  return text("failed");
}

async function request(url, options) {
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true", ...options.headers };
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...options, headers });
  } catch (problem) {
    if (problem.name !== "AbortError") toast({ text: text("offline"), kind: "error" });
    throw problem;
  }
  renewToken(response.headers.get("X-CSRF-Token"));
  if (response.status === 401 && !options.again) {
    await askLogin();
    return request(url, { ...options, again: true });
  }
  const told = fireTriggers(response.headers.get("HX-Trigger"));
  if (!response.ok && !told) toast({ text: explain(response.status), kind: "error" });
  return response;
}

/** POST fields (an object, pairs or FormData); resolves to the response whatever its status. */
export function post(url, fields = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  return request(url, { method: "POST", body });
}

/** GET a short JSON answer (choices of a many2one); null when it failed. */
export async function getJson(url, signal) {
  const response = await request(url, { method: "GET", signal, headers: { Accept: "application/json" } });
  return response.ok ? response.json() : null;
}

/** Read the current page again and put its main part in place. */
export function refreshPage() {
  const form = document.querySelector("#main [data-g~=dirty]");
  return htmx.ajax("GET", location.href, {
    source: document.getElementById("main"), target: "#main", select: "#main", swap: form ? "outerHTML" : "morph:outerHTML",
  });
}

/** Did the server do it? (A 422 is swapped like a success, but it is none.) */
export const accepted = (xhr) => Boolean(xhr) && xhr.status >= 200 && xhr.status < 300;

/**
 * Send fields through htmx, so that the answer's fragments, triggers and errors are handled as everywhere else.
 * Resolves to true when the server accepted. The request leaves from an element of its own: what asked may itself be replaced.
 */
export function exchange(url, values, { target = "#g-dialogs", swap = "none" } = {}) {
  const source = make("div", { hidden: true });
  document.body.append(source);
  return new Promise((resolve) => {
    const finish = (done) => {
      document.body.removeEventListener("htmx:afterRequest", answered);
      document.body.removeEventListener("g:login-closed", refused);
      source.remove();
      resolve(done);
    };
    const refused = () => finish(false);
    const answered = (event) => {
      // after 401 the same request is sent again once the person has logged in
      if (event.detail.elt === source && event.detail.xhr?.status !== 401) finish(accepted(event.detail.xhr));
    };
    document.body.addEventListener("htmx:afterRequest", answered);
    document.body.addEventListener("g:login-closed", refused);
    htmx.ajax("POST", url, { source, values, swap, target });
  });
}

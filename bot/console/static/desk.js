// The desk for calls: a key is sent, and what it changes is put in place. Without this every button is still there, one page
// load a press.

import { show } from "./keys.js";

const AGAIN = 2000; // ms until a request that did not get through is sent again; the desk takes it once
const form = document.querySelector("form[data-desk]");
let busy = false;

const say = () => document.getElementById("say");
const notes = () => document.getElementById("notes");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// How long calls last. An old PC's clock may be wrong: seconds are counted from what the desk says.
const seen = new WeakMap();

function clocks() {
  for (const time of document.querySelectorAll("time[data-seconds]")) {
    if (!seen.has(time)) seen.set(time, performance.now() / 1000 - Number(time.dataset.seconds));
    const s = Math.floor(performance.now() / 1000 - seen.get(time));
    time.textContent = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((n) => String(n).padStart(2, "0")).join(":");
  }
}

// --- one key ----------------------------------------------------------------------------------------------------

async function send(button) {
  if (busy) return; // what is on the screen is old: a key would answer another question
  busy = true;
  say().setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, button));
  const typed = notes().value;
  const response = await through(body);
  if (response.status === 401) { leaveTo(button); return; } // the session has ended: sign in, then it is sent
  if (response.redirected) { location.assign(response.url); return; }
  if (response.ok || response.status === 409) swap(await response.text());
  else trouble(form.dataset.refused);
  if (response.ok && notes().value === typed) notes().value = "";
  busy = false;
  say().removeAttribute("aria-busy");
  focus(button);
}

async function through(body) {
  for (;;) {
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { "X-Desk": "1" } });
      if (response.status < 500) return response;
    } catch { /* no network: nothing was taken, or it will be known again by its number */ }
    trouble(form.dataset.offline);
    await pause(AGAIN);
  }
}

function leaveTo(button) {
  const pressed = document.createElement("input");
  Object.assign(pressed, { type: "hidden", name: "do", value: button ? button.value : "" });
  form.append(pressed);
  form.submit();
}

function swap(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const made = fresh.getElementById(old.id);
    if (!made) continue;
    const open = [...old.querySelectorAll("details")].map((each) => each.open);
    [...made.querySelectorAll("details")].forEach((each, n) => { each.open = each.open || (old.id !== "top" && Boolean(open[n])); });
    old.replaceWith(document.importNode(made, true));
  }
  clocks();
  show();
}

function trouble(words) {
  const said = document.createElement("p");
  said.className = "problem";
  said.setAttribute("role", "alert");
  said.textContent = words;
  document.getElementById("trouble").replaceChildren(said);
}

function focus(button) {
  const reading = document.querySelector("[data-first]");
  const about = button && (button.value === "read" || /^\/(confirm|dismiss)/.test(button.value));
  if (about) (reading || notes()).focus();
  else if (!document.activeElement || document.activeElement === document.body) say().focus();
}

clocks();
setInterval(clocks, 1000);

if (form) {
  form.addEventListener("submit", (event) => { event.preventDefault(); send(event.submitter); });
  notes().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('[value="read"]'));
  });
  say().focus();
}

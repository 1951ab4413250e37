// The web chat: sends, tries again until it is acknowledged, looks for notices, and hides. Without it the page's plain
// forms do the same, one page load a message.

import * as outbox from "./outbox.js";
import { answers, clearAnswers, field, leave, removeOwn, showOwn, showReply, takeOver, tell, words } from "./view.js";

const POLL = 4000;
const WAITS = [1000, 2000, 4000, 8000, 15000];
const FINAL = { 400: "refused", 403: "refused", 409: "cookieless", 413: "long" };

let last = Number(words.last);
let sending = false;
let wake = () => {};

const pause = (ms) => new Promise((done) => { wake = done; setTimeout(done, ms); });

function show(replies) {
  const fresh = replies.filter((reply) => reply.n > last);
  if (fresh.some((reply) => reply.hides)) { hide(); return; }
  const shown = fresh.map(showReply);
  if (!shown.length) return;
  last = fresh[fresh.length - 1].n;
  // The end comes into view, but never at the cost of the beginning.
  [...shown].reverse().forEach((made) => made.scrollIntoView({ block: "nearest" }));
}

// --- sending ----------------------------------------------------------------------------------------------------

function put(message) {
  const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  outbox.put({ id, lang: words.lang, ...message });
  return id;
}

function say(message, text) {
  const id = put(message);
  outbox.remember(id, last, text);
  clearAnswers();
  showOwn(id, text);
  flush();
}

async function flush() {
  if (sending) return;
  sending = true;
  for (let tries = 0, message; (message = outbox.first()); tries += 1) {
    const late = setTimeout(() => tries || tell("sending"), 400);
    const problem = await post(message);
    clearTimeout(late);
    tell(problem && problem.word);
    if (problem && !problem.final) {
      await pause(Math.max(problem.wait || 0, WAITS[Math.min(tries, WAITS.length - 1)]));
    } else {
      outbox.settle(message.id);
      tries = -1;
      if (problem) { takeBack(message); break; }
    }
  }
  sending = false;
}

// What the server will never take goes back to whoever wrote it.
function takeBack({ id, text }) {
  outbox.unsay(id);
  removeOwn(id);
  if (text && !field.value) field.value = text;
}

// Nothing when it is done; otherwise what to tell, and whether trying again can help.
async function post(message) {
  let response;
  try {
    const body = JSON.stringify({ ...message, after: last });
    response = await fetch("/chat/messages", { method: "POST", body, headers: { "Content-Type": "application/json" } });
    if (response.ok) { show((await response.json()).replies); return null; }
  } catch {
    return { word: "lost" };
  }
  if (FINAL[response.status]) return { word: FINAL[response.status], final: true };
  return { word: response.status === 429 ? "slow" : "busy", wait: 1000 * Number(response.headers.get("Retry-After")) };
}

// --- what was said meanwhile ------------------------------------------------------------------------------------

let lost = false;

async function poll() {
  if (sending || !last || document.visibilityState !== "visible") return;
  try {
    const response = await fetch(`/chat/messages?after=${last}`);
    if (response.status === 409) { hide(); return; } // hidden in another window
    if (!response.ok) throw new Error(response.status);
    const { replies } = await response.json();
    if (sending) return;
    show(replies);
    if (lost) tell("");
    lost = false;
  } catch {
    if (!sending) tell("lost");
    lost = true;
  }
}

// --- what a person does -----------------------------------------------------------------------------------------

function write() {
  const text = field.value.trim();
  if (!text) return;
  if (text.toLowerCase() === "/x") { hide(); return; }
  field.value = "";
  grow();
  say({ text }, text);
}

function press(answer) {
  if ("place" in answer.dataset) { locate(); return; }
  const { press: payload, shown } = answer.dataset;
  say(shown ? { press: payload, shown_for: (Date.now() - Number(shown)) / 1000 } : { press: payload }, answer.textContent);
}

// A county is all that is needed, so the pin is rounded to about a hundred metres before it leaves the device.
function locate() {
  const rounded = (degrees) => Math.round(degrees * 1000) / 1000;
  tell("locating");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      tell("");
      say({ location: { latitude: rounded(coords.latitude), longitude: rounded(coords.longitude) } }, words.placed);
    },
    () => tell("unlocated"),
    { timeout: 15000, maximumAge: 600000 },
  );
}

// The page is empty before anything else is tried; back leads to nothing, for the address is replaced.
function hide() {
  leave();
  outbox.forgetAll();
  fetch("/chat/hide", { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace("/");
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
}

// An input method is at work; Safari says so by the code 229 only.
const composing = (event) => event.isComposing || event.keyCode === 229;

// A digit picks an answer while nobody is writing: a receipt code or "5岁" begins with one as well. Alt with a digit
// works everywhere. Any other letter goes into the field.
function key(event) {
  if (composing(event) || event.ctrlKey || event.metaKey) return;
  const writing = document.activeElement === field || field.value;
  const answer = /^Digit[1-9]$|^Numpad[1-9]$/.test(event.code) && answers()[Number(event.code.slice(-1)) - 1];
  if (answer && (event.altKey || !writing)) {
    event.preventDefault();
    answer.click();
  } else if (event.key.length === 1 && event.key !== " " && !event.altKey) {
    field.focus();
  }
}

// The page in the other language is another page; what is being said changes its language with it.
document.getElementById("language").addEventListener("click", ({ currentTarget: { hreflang } }) => {
  if (last) put({ press: `/language{"to":"${hreflang}"}`, lang: hreflang });
});
document.addEventListener("keydown", key);
document.addEventListener("click", (event) => {
  const answer = event.target.closest("button.answer");
  if (answer) press(answer);
});
document.getElementById("write").addEventListener("submit", (event) => { event.preventDefault(); write(); });
document.getElementById("hide").addEventListener("submit", (event) => { event.preventDefault(); hide(); });
field.addEventListener("input", grow);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !composing(event)) { event.preventDefault(); write(); }
});
document.addEventListener("visibilitychange", poll);
addEventListener("online", () => { wake(); poll(); });

takeOver(outbox.said());
setInterval(poll, POLL);
flush();

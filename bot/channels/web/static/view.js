// What stands on the page. Everything is written as text, never as markup.

const { body } = document;
export const words = body.dataset;
export const field = document.getElementById("text");
const log = document.getElementById("log");
const status = document.getElementById("status");
const callable = new RegExp(words.callable);
const canLocate = "geolocation" in navigator && isSecureContext;

export const tell = (word) => { status.textContent = word ? words[word] : ""; };
export const answers = () => [...document.querySelectorAll("button.answer")];

function fill(paragraph, text) {
  text.split("\n").forEach((line, index) => {
    if (index) paragraph.append(document.createElement("br"));
    const number = callable.exec(line);
    if (number) {
      const call = document.createElement("a");
      call.href = `tel:${number[0]}`;
      call.textContent = number[0];
      paragraph.append(call);
    }
    paragraph.append(number ? line.slice(number[0].length) : line);
  });
}

function article(who, text) {
  const made = document.getElementById("message").content.firstElementChild.cloneNode(true);
  if (who) made.querySelector(".who").textContent = who;
  fill(made.querySelector("p"), text);
  return made;
}

function button(title, data) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "answer";
  made.textContent = title;
  Object.assign(made.dataset, data);
  return made;
}

// Answers of earlier messages, and the welcome, no longer count once somebody has said something.
export function clearAnswers() {
  document.querySelectorAll(".answers, .welcome").forEach((group) => group.remove());
}

export function showOwn(id, text, after) {
  const made = article(words.you, text);
  made.classList.add("own");
  made.dataset.id = id;
  const next = after === undefined ? null : [...log.children].find((other) => Number(other.dataset.n) > after);
  log.insertBefore(made, next || null);
  if (!next) made.scrollIntoView({ block: "nearest" });
}

export function removeOwn(id) {
  log.querySelector(`[data-id="${id}"]`).remove();
}

export function showReply(reply) {
  const made = article("", reply.text);
  made.dataset.n = reply.n;
  made.classList.add("new");
  if (reply.buttons.length || reply.ask_location) made.append(group(reply));
  log.append(made);
  number();
  return made;
}

function group(reply) {
  const made = document.createElement("div");
  made.className = "answers";
  const shown = Date.now();
  reply.buttons.forEach(({ title, payload }) => made.append(button(title, { press: payload, shown })));
  if (reply.ask_location) offerPlace(made);
  return made;
}

function offerPlace(group) {
  if (canLocate) group.append(button(words.place, { place: "" }));
}

// The first nine answers can be picked with a key; the digit is shown beside them.
function number() {
  answers().forEach((answer, index) => {
    if (index < 9) answer.dataset.key = index + 1;
    else delete answer.dataset.key;
  });
}

// What the server rendered is taken over as it stands: its buttons, which post a form, become the script's. What was
// answered already is not asked again.
export function takeOver(said) {
  const asked = document.querySelector("[data-n] .answers");
  if (asked && said.some(({ after }) => after >= asked.closest("[data-n]").dataset.n)) asked.remove();
  document.querySelectorAll("main button.answer").forEach((answer) => {
    answer.type = "button";
    answer.dataset.press = answer.value;
  });
  document.querySelectorAll(".asks-place").forEach(offerPlace);
  said.forEach(({ id, after, text }) => showOwn(id, text, after));
  number();
  body.classList.add("live");
}

export function leave() {
  document.title = "";
  body.replaceChildren();
}

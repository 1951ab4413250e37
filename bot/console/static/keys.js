// One key for what is done often. Digits and letters act only where nobody types, and while SAY has the focus where there is
// one; Alt and the key acts everywhere. `?` lists them; each can be changed, and single keys can be switched off.

const OFF = "rightdoor-keys-off";
const OWN = "rightdoor-keys-own";
const dialog = document.getElementById("keys");

const off = () => localStorage.getItem(OFF) === "1";
const own = () => JSON.parse(localStorage.getItem(OWN) || "{}");
const keyOf = (element) => own()[element.dataset.key] || element.dataset.key;
const visible = (element) => element.getClientRects().length > 0;
const keyed = () => [...document.querySelectorAll("[data-key]")].filter((each) => each.dataset.key && visible(each));

// Each key as it is set, where it is shown.
export function show() {
  for (const each of document.querySelectorAll("[data-key]")) {
    const shown = each.querySelector("kbd");
    if (shown) shown.textContent = keyOf(each);
  }
}

function pressed(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  const letter = event.altKey && /^Key([A-Z])$/.exec(event.code);
  return digit ? digit[1] : letter ? letter[1].toLowerCase() : event.key.toLowerCase();
}

function may(event) {
  if (event.altKey) return true;
  const say = document.getElementById("say");
  const typing = event.target.matches("input, textarea, select");
  return !off() && !typing && (!say || say.contains(event.target) || event.target === document.body);
}

function act(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else if (element.matches("summary")) { element.click(); element.parentElement.querySelector("select, textarea")?.focus(); }
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || dialog.open) return;
  if (!may(event)) return;
  if (event.key === "?") { event.preventDefault(); list(); return; }
  const found = keyed().find((each) => keyOf(each) === pressed(event));
  if (found) { event.preventDefault(); act(found); }
});

// --- the list ---------------------------------------------------------------------------------------------------

function list() {
  const rows = keyed().map(row);
  dialog.querySelector("ul").replaceChildren(...rows);
  dialog.querySelector("input").checked = off();
  dialog.showModal();
}

function nameOf(element) {
  if (element.labels && element.labels.length) return element.labels[0].textContent;
  const words = element.cloneNode(true);
  for (const shown of words.querySelectorAll("kbd")) shown.remove();
  return words.textContent.trim();
}

function row(element) {
  const made = document.createElement("li");
  const key = document.createElement("input");
  const name = document.createElement("label");
  name.textContent = nameOf(element);
  Object.assign(key, { value: keyOf(element), maxLength: 1, size: 1, id: `key-${element.dataset.key.codePointAt(0)}` });
  name.htmlFor = key.id;
  key.addEventListener("change", () => {
    const set = own();
    if (key.value) set[element.dataset.key] = key.value.toLowerCase(); else delete set[element.dataset.key];
    localStorage.setItem(OWN, JSON.stringify(set));
    key.value = keyOf(element);
    show();
  });
  made.append(key, name);
  return made;
}

for (const each of document.querySelectorAll("[data-print]")) each.addEventListener("click", () => print());
dialog.querySelector("input").addEventListener("change", (event) => localStorage.setItem(OFF, event.target.checked ? "1" : "0"));
document.getElementById("show-keys").addEventListener("click", list);
show();

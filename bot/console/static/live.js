// Pages that renew themselves: when there is something new, the page is asked for again and what has changed is put in place.
// Whoever is in the middle of something is not disturbed: they are told, and a press brings it. Without this a reload does.

const OFF = "rightdoor-sound-off";
const AGAIN = 2000; // ms
const bar = document.getElementById("news");
const sound = document.getElementById("sound");
const parts = () => [...document.querySelectorAll("[data-fresh]")];
const busy = () => parts().some((each) => each.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
  || each.querySelector("details[open]") || [...each.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue));

let lost = false;

async function renew() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response) { setTimeout(news, AGAIN); return; } // no network just now
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const known = new Set(parts().flatMap((each) => [...each.querySelectorAll("[data-id]")].map((line) => line.dataset.id)));
  let arrived = 0;
  for (const old of parts()) {
    const made = page.getElementById(old.id);
    if (!made) continue;
    const focused = document.activeElement && old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    for (const line of made.querySelectorAll("[data-id]")) {
      if (!known.has(line.dataset.id)) { line.classList.add("arrived"); arrived += 1; }
    }
    old.replaceWith(document.importNode(made, true));
    if (focused) [...document.links].find((link) => link.getAttribute("href") === focused)?.focus();
  }
  if (arrived) ring();
}

function news() {
  if (parts().length && !busy()) { renew(); return; }
  bar.hidden = false;
  ring();
}

// Two short tones, made here: nothing is loaded for it.
function ring() {
  if (localStorage.getItem(OFF) === "1") return;
  const audio = new AudioContext();
  [660, 880].forEach((pitch, n) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.08;
    tone.frequency.value = pitch;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + n * 0.16);
    tone.stop(audio.currentTime + n * 0.16 + 0.12);
  });
  setTimeout(() => audio.close(), 1000);
}

// A move that could be undone has been made: the page shows how it stands, unless somebody is writing.
for (const held of document.querySelectorAll("[data-held]")) {
  setTimeout(() => {
    const written = [...document.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
    if (!written) location.reload();
  }, (Number(held.dataset.held) + 2) * 1000);
}

if (bar) {
  const stream = new EventSource("/console/live");
  stream.addEventListener("news", news);
  stream.addEventListener("ended", () => stream.close());
  stream.addEventListener("error", () => { lost = true; });
  stream.addEventListener("open", () => { if (lost) news(); lost = false; });
  bar.querySelector("a").href = location.href;
  sound.checked = localStorage.getItem(OFF) !== "1";
  sound.addEventListener("change", () => localStorage.setItem(OFF, sound.checked ? "0" : "1"));
}

/* Saves a form while somebody writes in it. What could not be saved stays in this browser until it is. */
"use strict";

const PAUSE = 1500;

function words(form) {
  return Object.fromEntries([...form.querySelectorAll("textarea, input[type=text]")].map((field) => [field.name, field.value]));
}

function show({ printed, problems }) {
  const preview = document.querySelector("[data-printed]");
  for (const part of preview ? preview.querySelectorAll("[data-part]") : []) part.textContent = printed?.[part.dataset.part] ?? "";
  const list = document.querySelector("[data-problems]");
  if (!list || !problems) return;
  list.hidden = problems.length === 0;
  list.querySelector("ul").replaceChildren(...problems.map((problem) => Object.assign(document.createElement("li"), { textContent: problem })));
}

function attach(form) {
  const place = `autosave:${form.dataset.autosave}`;
  const state = form.querySelector("[data-autosave-state]");
  const version = form.querySelector("[name=version]");
  let saved = JSON.stringify(words(form));
  let timer = 0;
  let running = false;

  const say = (message, isTrouble = false) => {
    state.textContent = message;
    state.classList.toggle("is-trouble", isTrouble);
  };
  const keep = () => localStorage.setItem(place, JSON.stringify(words(form)));
  const forget = () => localStorage.removeItem(place);

  async function save() {
    const now = JSON.stringify(words(form));
    if (running || now === saved) return;
    running = true;
    keep();
    const body = new FormData(form);
    body.set("autosave", "1");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, headers: { Accept: "application/json" } });
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      if (!isJson) {
        say(form.dataset.saidSignedOut, true);
        return;
      }
      const said = await answer.json();
      if (answer.ok) {
        version.value = said.version;
        saved = now;
        if (JSON.stringify(words(form)) === now) forget();
        say(said.message);
        show(said);
      } else {
        say(said.theirs ? `${said.message} ${form.dataset.saidTheirs} ${said.theirs.heading} ${said.theirs.body}` : said.message, true);
      }
    } catch {
      say(form.dataset.saidOffline, true);
    } finally {
      running = false;
      if (JSON.stringify(words(form)) !== now) wait();
    }
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener("input", () => { keep(); wait(); });
  form.addEventListener("submit", () => clearTimeout(timer));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  offerKept(form, place, saved, forget);
}

function offerKept(form, place, saved, forget) {
  const kept = localStorage.getItem(place);
  if (!kept || kept === saved) {
    forget();
    return;
  }
  const offer = form.querySelector("[data-autosave-kept]");
  const lines = JSON.parse(kept);
  offer.querySelector("[data-autosave-words]").textContent = Object.values(lines).filter(Boolean).join("\n\n");
  offer.hidden = false;
  offer.querySelector("[data-autosave-take]").addEventListener("click", () => {
    for (const [name, value] of Object.entries(lines)) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    offer.hidden = true;
    form.dispatchEvent(new Event("input"));
  });
  offer.querySelector("[data-autosave-drop]").addEventListener("click", () => {
    forget();
    offer.hidden = true;
  });
}

document.querySelectorAll("form[data-autosave]").forEach(attach);

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
  // A page that shows a refusal holds words that are stored nowhere: they stay in this browser, and saving them is a decision.
  const isRefused = "isRefused" in form.dataset;
  let saved = isRefused ? "" : JSON.stringify(words(form));
  let timer = 0;
  let running = false;
  let waiting = null; // the button that was pressed while words were on their way

  const say = (message, isTrouble = false) => {
    state.textContent = message;
    state.classList.toggle("is-trouble", isTrouble);
  };
  const keep = (isSent = false) => localStorage.setItem(place, JSON.stringify({ words: words(form), isSent }));
  const forget = () => localStorage.removeItem(place);

  async function save() {
    const now = JSON.stringify(words(form));
    if (running || now === saved) return;
    running = true;
    keep();
    const body = new FormData(form);
    body.set("autosave", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
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
      if (waiting) form.requestSubmit(waiting);
      else if (JSON.stringify(words(form)) !== now) wait();
    }
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener("input", () => {
    keep();
    if (!isRefused) wait();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (running) {
      // One save at a time: the one on its way changes the version that the next is written over.
      event.preventDefault();
      waiting = event.submitter;
      return;
    }
    keep(true);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[type=submit]"));
  });
  offerKept(form, place, forget);
  if (isRefused && !localStorage.getItem(place)) keep();
}

const folded = (lines) => Object.values(lines).map((line) => line.trim().split(/\s+/).join(" ")).join("\n");

function offerKept(form, place, forget) {
  const kept = localStorage.getItem(place);
  if (!kept) return;
  const lines = JSON.parse(kept).words;
  if (!lines || folded(lines) === folded(words(form))) {
    forget();
    return;
  }
  const offer = form.querySelector("[data-autosave-kept]");
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

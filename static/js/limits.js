/* Counts while somebody types, by the same rule as campaign/consultations/limits.py. The server's count decides. */
"use strict";

const asCounted = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
const measures = {
  characters: (text) => [...text].length,
  bytes: (text) => new TextEncoder().encode(text).length,
  words: (text) => text.split(/\s+/).filter(Boolean).length,
};
measures["characters-and-bytes"] = (text) => Math.max(measures.characters(text), measures.bytes(text));

function showUsage(limit, text) {
  const used = measures[limit.dataset.unit](asCounted(text));
  const maximum = Number(limit.dataset.maximum);
  const format = new Intl.NumberFormat(document.documentElement.lang);
  const isOver = used > maximum;
  limit.classList.toggle("is-over", isOver);
  limit.classList.toggle("is-near", !isOver && used >= 0.9 * maximum);
  limit.querySelector("progress").value = used;
  for (const [name, shown, number] of [["left", !isOver, maximum - used], ["over", isOver, used - maximum]]) {
    const line = limit.querySelector(`[data-${name}]`);
    line.hidden = !shown;
    line.querySelector("[data-number]").textContent = format.format(number);
  }
}

function startCounts(box) {
  const field = document.querySelector(box.dataset.counts);
  const others = JSON.parse(document.getElementById("other-blocks").textContent);
  function count() {
    const text = asCounted(field.value);
    const all = (text ? [...others, box.dataset.prefix + text] : others).join("\n\n");
    box.querySelectorAll("[data-scope]").forEach((limit) => showUsage(limit, limit.dataset.scope === "own" ? text : all));
  }
  field.addEventListener("input", count);
  count();
}

/* Leaving with unsaved words asks first. */
function warnUnsaved(form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

document.querySelectorAll("[data-counts]").forEach(startCounts);
document.querySelectorAll("form[data-warn-unsaved]").forEach(warnUnsaved);

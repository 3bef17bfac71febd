/* Computes the SHA-256 digest of a chosen file here, in the browser, and puts it into the form's field. The file is never sent. */
"use strict";

const MOST = 500e6; // bytes: all of it stands in memory at once

async function digestOf(file) {
  if (file.size > MOST) throw new RangeError("too large");
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function startDigests(form) {
  const box = form.querySelector("[data-digest-file]");
  const chosen = box.querySelector("input");
  const say = (state) => box.querySelectorAll("[data-state]").forEach((line) => { line.hidden = line.dataset.state !== state; });
  let turn = 0;
  chosen.addEventListener("change", async () => {
    const mine = ++turn;
    const [file] = chosen.files;
    if (!file) return say("");
    say("working");
    const digest = await digestOf(file).catch(() => "");
    if (mine !== turn) return undefined; // another file was chosen meanwhile
    if (digest) form.elements.namedItem("digest").value = digest;
    return say(digest ? "done" : "failed");
  });
  box.hidden = false;
}

// Web Crypto needs HTTPS (or this very machine); without it the way by hand stands on the page.
if (window.crypto && crypto.subtle) document.querySelectorAll("[data-digest-of-file]").forEach(startDigests);

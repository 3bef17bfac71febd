/* The check for robots: solves the challenge of a form with data-check while somebody fills it in (ALTCHA v2, PBKDF2).
   Without it, or where the browser lacks Web Crypto, the server asks for a short wait instead. */
"use strict";

const LANES = 2; // key derivations at a time: the browser does them beside the page
const PATIENCE = 3000; // milliseconds for the server to say whether a check is needed
const NEWS = 5000; // milliseconds for which "not needed" holds: a crowd behind one network may switch the check on meanwhile

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

async function derive(parameters, counter) {
  const nonce = bytesOf(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(parameters.salt), iterations: parameters.cost };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
}

async function solve(challenge) {
  const started = performance.now();
  const { parameters } = challenge;
  let next = 0;
  let found = null;
  async function lane() {
    while (found === null) {
      const counter = next++;
      const derivedKey = hexOf(await derive(parameters, counter));
      if (derivedKey.startsWith(parameters.keyPrefix)) found = { counter, derivedKey };
      if (counter % 16 === 0) await pause(0); // the page stays alive on a slow phone
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane));
  const solution = { ...found, time: Math.round(performance.now() - started) };
  return btoa(JSON.stringify({ challenge, solution }));
}

async function answerFor(address) {
  const signal = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : null;
  const response = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", signal });
  if (!response.ok) return null;
  const { needed, challenge } = await response.json();
  if (!needed) return { text: "", until: Date.now() + NEWS };
  const text = await solve(challenge);
  return { text, until: (challenge.parameters.expiresAt - 30) * 1000 };
}

function checkForm(form) {
  const field = form.elements.namedItem("solution");
  const status = form.querySelector("[data-check-status]");
  const button = form.querySelector("[type=submit]");
  let answer = null; // a promise of what goes into the field
  let isSending = false;

  const begin = () => {
    if (!answer) answer = answerFor(form.dataset.check).catch(() => null); // offline, say: the server decides
    return answer;
  };

  async function send(event) {
    if (isSending) return;
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    const slow = setTimeout(() => { status.textContent = status.dataset.working; }, 400);
    let ready = await begin();
    if (ready && ready.until < Date.now()) {
      answer = null;
      ready = await begin();
    }
    clearTimeout(slow);
    field.value = ready ? ready.text : "";
    isSending = true;
    form.submit();
  }

  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("submit", send);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return; // back from the next page: each answer is good for one form
    [answer, isSending, button.disabled, field.value, status.textContent] = [null, false, false, "", ""];
  });
}

function waitWithForm(form) {
  const status = form.querySelector("[data-wait-status]");
  const button = form.querySelector("[type=submit]");
  const end = Date.now() + Number(form.dataset.wait) * 1000;
  status.textContent = status.dataset.waiting;
  button.setAttribute("aria-disabled", "true");
  form.addEventListener("submit", (event) => { if (Date.now() < end) event.preventDefault(); });
  setTimeout(() => {
    button.removeAttribute("aria-disabled");
    status.textContent = status.dataset.over;
  }, end - Date.now());
}

if (window.crypto && crypto.subtle) document.querySelectorAll("form[data-check]").forEach(checkForm);
document.querySelectorAll("form[data-wait]").forEach(waitWithForm);

/* Passkeys: the browser makes or uses one, the form carries the answer. Attached by data-passkey="create" or "get". */
"use strict";

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (credentials) => (credentials || []).map((each) => ({ ...each, id: bytesOf(each.id) }));

async function optionsFor(form) {
  if (!form.dataset.passkeyUrl) return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent).publicKey;
  const response = await fetch(form.dataset.passkeyUrl, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return (await response.json()).request_options.publicKey;
}

function create(options) {
  return navigator.credentials.create({ publicKey: {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  } });
}

function get(options) {
  return navigator.credentials.get({ publicKey: {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  } });
}

/* What the server reads: every buffer as base64url. */
function asJson(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = textOf(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  });
}

/* Says in words why nothing came of it; a screen reader reads what becomes visible there. */
function tell(form, reason) {
  form.querySelectorAll("[data-passkey-news]").forEach((news) => { news.hidden = news.dataset.passkeyNews !== reason; });
}

async function ask(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button[type=submit]");
  tell(form, "");
  button.disabled = true;
  try {
    const options = await optionsFor(form);
    const credential = await (form.dataset.passkey === "create" ? create(options) : get(options));
    form.elements.credential.value = asJson(credential);
    form.submit();
  } catch (error) {
    button.disabled = false;
    tell(form, { NotAllowedError: "stopped", InvalidStateError: "known" }[error.name] || "failed");
  }
}

function begin() {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("[data-passkey-needs]").forEach((element) => { element.hidden = true; });
  document.querySelectorAll("[data-passkey-offer]").forEach((element) => { element.hidden = false; });
  document.querySelectorAll("form[data-passkey]").forEach((form) => form.addEventListener("submit", ask));
}

document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", begin) : begin();

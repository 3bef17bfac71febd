/* Small improvements, attached by data- attributes. Every page works without them. */
"use strict";

function focusErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

function copyOnClick(event) {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (!button || !navigator.clipboard) return;
  const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
  const text = source ? source.value || source.textContent.trim() : button.dataset.copyText;
  navigator.clipboard.writeText(text).then(() => {
    const label = button.textContent;
    button.textContent = button.dataset.copied || label;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

function hideWhileInView(element) {
  const watched = document.querySelector(element.dataset.hideWhen);
  if (!watched) return;
  new IntersectionObserver(([entry]) => { element.hidden = entry.isIntersecting; }).observe(watched);
}

function keepCountFresh(element) {
  const target = element.matches("[data-count]") ? element : element.querySelector("[data-count]");
  const format = new Intl.NumberFormat(document.documentElement.lang);
  async function ask() {
    if (document.hidden) return;
    const response = await fetch(element.dataset.countUrl, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const { count } = await response.json();
    if (String(count) === target.dataset.count) return;
    target.dataset.count = count;
    target.dataset.digits = String(count).length;
    target.textContent = format.format(count);
    const words = element.querySelector("[data-count-many]");
    if (words && count > 1) {
      words.hidden = false;
      element.querySelector("[data-count-words]").hidden = true;
    }
  }
  const soon = () => ask().catch(() => {}); // offline for a moment: the next question comes soon
  soon(); // the page itself may come from a cache
  setInterval(soon, 10000);
}

function start() {
  document.querySelectorAll("[data-hide-when]").forEach(hideWhileInView);
  document.querySelectorAll("[data-count-url]").forEach(keepCountFresh);
  document.querySelectorAll("[data-copy], [data-copy-text]").forEach((button) => { button.hidden = !navigator.clipboard; });
  document.querySelectorAll("form[data-submit-on-change]").forEach((form) => {
    form.addEventListener("change", () => form.requestSubmit());
  });
  // The server says which words it has stored: they need not be kept in this browser any more.
  document.querySelectorAll("[data-forget]").forEach((element) => localStorage.removeItem(element.dataset.forget));
  document.querySelectorAll("[data-refresh]").forEach((element) => {
    setTimeout(() => location.reload(), Number(element.dataset.refresh) * 1000);
  });
}

document.addEventListener("click", copyOnClick);
document.addEventListener("htmx:afterSwap", (event) => focusErrorSummary(event.detail.elt));
document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start();

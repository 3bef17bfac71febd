/* Moves provisions of a draft by keys and by dragging. Without this, each has its buttons on its own page. */
"use strict";

const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
const LEVEL = 24; // pixels to the side that are one level of nesting
const SLACK = 6; // pixels a pointer may tremble before it drags
const HOLD = 300; // milliseconds a finger rests on a number before it drags: until then it scrolls
const EDGE = 60; // pixels at the edges of the screen where dragging scrolls

const list = () => document.querySelector("[data-draft]");
const token = () => document.querySelector("#draft-token input").value;
const isRightToLeft = () => getComputedStyle(list()).direction === "rtl";
const address = (row, act) => `${row.querySelector(".draft-row__open").pathname}${act}/`;

/* What a move did; nothing is said in the text where no answer came. */
function tell() {
  const text = document.getElementById("draft-text");
  const status = document.querySelector("[data-draft-said]");
  status.textContent = text.dataset.said || status.dataset.saidNotMoved;
  status.classList.toggle("is-trouble", !text.dataset.said || "isRefused" in text.dataset);
}

async function move(row, values) {
  const key = row.id;
  delete document.getElementById("draft-text").dataset.said;
  await window.htmx.ajax("POST", address(row, "move"), {
    target: "#draft-text",
    swap: "outerHTML",
    values: { ...values, csrfmiddlewaretoken: token() },
  });
  const moved = document.getElementById(key);
  if (moved) {
    moved.querySelector(".draft-row__open").focus({ preventScroll: true });
    moved.scrollIntoView({ block: "nearest" });
  }
  tell();
}

/* Somebody who is signed out is led to a page of its own: that is no text of a draft. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "draft-text" && !event.detail.xhr.responseURL.includes("/move/")) event.detail.shouldSwap = false;
});

/* What was sent from a provision's page came back here: it is saved, and need not be kept in this browser. */
function forgetSent() {
  if (!performance.getEntriesByType("navigation")[0]?.redirectCount) return;
  const place = `autosave:${list()?.dataset.draft}:${location.hash.slice(1)}`;
  const kept = localStorage.getItem(place);
  if (kept && JSON.parse(kept).isSent) localStorage.removeItem(place);
}

function takeOut(row) {
  const form = document.getElementById("draft-token");
  form.action = address(row, "remove");
  form.submit();
}

function onKey(event) {
  if (drag && event.key === "Escape") {
    event.preventDefault();
    letGo();
    return;
  }
  const row = event.target.closest(".draft-row");
  if (!row || event.ctrlKey || event.metaKey) return;
  if (event.key === "+") {
    event.preventDefault();
    row.querySelector(".draft-row__add").click();
  } else if (event.key === "Delete" && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    takeOut(row);
  } else if (event.altKey && STEPS[event.key]) {
    event.preventDefault();
    let step = STEPS[event.key];
    if (isRightToLeft() && (step === "in" || step === "out")) step = step === "in" ? "out" : "in";
    move(row, { step });
  }
}

/* Dragging: one provision at a time, by its number. `spot` is where it would go, told by a line between two rows. */
let drag = null;
let isClickLeft = false; // the click that ends a drag opens nothing

const depth = (row) => Number(row.dataset.depth);
const isMoved = (row) => row.classList.contains("is-dragged");
const above = (row) => (row.dataset.parent ? document.getElementById(row.dataset.parent) : null);

function neighbor(row, way) {
  let next = row;
  do next = next[way]; while (next && (!next.classList.contains("draft-row") || isMoved(next)));
  return next;
}

function subtree(row) {
  const rows = [row];
  for (let next = row.nextElementSibling; next && depth(next) > depth(row); next = next.nextElementSibling) rows.push(next);
  return rows;
}

function lift() {
  drag.isOn = true;
  clearTimeout(drag.timer);
  subtree(drag.row).forEach((row) => row.classList.add("is-dragged"));
  drag.others = [...list().querySelectorAll(".draft-row:not(.is-dragged)")];
  document.documentElement.classList.add("is-dragging");
  drag.line = Object.assign(document.createElement("li"), { className: "draft-drop", ariaHidden: "true" });
  drag.mark = Object.assign(document.createElement("p"), { className: "draft-mark", ariaHidden: "true" });
  drag.mark.textContent = drag.row.querySelector(".draft-row__open").textContent.trim().slice(0, 60);
  document.body.append(drag.mark);
}

function letGo() {
  if (!drag) return;
  clearTimeout(drag.timer);
  cancelAnimationFrame(drag.frame);
  drag.line?.remove();
  drag.mark?.remove();
  document.querySelectorAll(".is-dragged").forEach((row) => row.classList.remove("is-dragged"));
  document.documentElement.classList.remove("is-dragging");
  isClickLeft = drag.isOn;
  drag = null;
}

/* The last row whose middle is above the pointer, null at the very beginning. Rows stand one below the other: halve and look. */
function rowAbove(y) {
  let [first, end] = [0, drag.others.length];
  while (first < end) {
    const half = (first + end) >> 1;
    const { top, height } = drag.others[half].getBoundingClientRect();
    if (top + height / 2 < y) first = half + 1;
    else end = half;
  }
  return drag.others[first - 1] ?? null;
}

const isInWindow = (x, y) => x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;

function lastOf(row) {
  let end = row;
  for (let next = neighbor(row, "nextElementSibling"); next && depth(next) > depth(row); next = neighbor(next, "nextElementSibling")) end = next;
  return end;
}

/* Where a drop would put it. It keeps its level unless the pointer goes to the side; deeper than below the row above is not. */
function spotAt(x, y) {
  const aside = Math.round(((isRightToLeft() ? -1 : 1) * (x - drag.x)) / LEVEL);
  const wanted = Math.max(0, depth(drag.row) + aside);
  const row = rowAbove(y);
  if (!row) return { before: drag.others[0], depth: 0, parent: "", after: "" };
  if (wanted > depth(row)) return { behind: row, depth: depth(row) + 1, parent: row.id, after: "" };
  let sibling = row;
  while (depth(sibling) > wanted) sibling = above(sibling);
  const end = lastOf(sibling);
  if (end !== row) {
    // In the middle of what stands below `sibling`: before or behind all of it, whichever is nearer.
    const middle = (sibling.getBoundingClientRect().top + end.getBoundingClientRect().bottom) / 2;
    if (y < middle) {
      const former = formerSibling(sibling);
      return { before: sibling, depth: depth(sibling), parent: sibling.dataset.parent, after: former?.id ?? "" };
    }
  }
  return { behind: end, depth: depth(sibling), parent: sibling.dataset.parent, after: sibling.id };
}

function formerSibling(row) {
  let former = neighbor(row, "previousElementSibling");
  while (former && depth(former) > depth(row)) former = neighbor(former, "previousElementSibling");
  return former && depth(former) === depth(row) ? former : null;
}

function show() {
  drag.spot = isInWindow(drag.nowX, drag.nowY) && drag.others.length ? spotAt(drag.nowX, drag.nowY) : null;
  drag.line.hidden = !drag.spot;
  if (!drag.spot) return;
  drag.line.dataset.depth = drag.spot.depth;
  if (drag.spot.behind) drag.spot.behind.after(drag.line);
  else drag.spot.before.before(drag.line);
  drag.mark.style.setProperty("--x", `${drag.nowX}px`);
  drag.mark.style.setProperty("--y", `${drag.nowY}px`);
}

function scrollAtEdges() {
  if (!drag?.isOn) return;
  const down = drag.nowY > innerHeight - EDGE ? 1 : drag.nowY < EDGE ? -1 : 0;
  if (down) {
    scrollBy(0, down * 12);
    show();
  }
  drag.frame = requestAnimationFrame(scrollAtEdges);
}

function begin() {
  lift();
  show();
  scrollAtEdges();
}

function onPointerDown(event) {
  isClickLeft = false;
  const handle = event.target.closest?.(".draft-row__number");
  if (!handle || drag || event.button !== 0 || !event.isPrimary) return;
  const [x, y] = [event.clientX, event.clientY];
  drag = { row: handle.closest(".draft-row"), pointer: event.pointerId, x, y, nowX: x, nowY: y, isTouch: event.pointerType === "touch" };
  if (drag.isTouch) drag.timer = setTimeout(begin, HOLD);
}

function onPointerMove(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  drag.nowX = event.clientX;
  drag.nowY = event.clientY;
  const isFar = Math.hypot(drag.nowX - drag.x, drag.nowY - drag.y) > SLACK;
  if (drag.isOn) show();
  else if (isFar && drag.isTouch) letGo();
  else if (isFar) begin();
}

function onPointerUp(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { row, isOn, spot } = drag;
  const stood = formerSibling(row)?.id ?? "";
  letGo();
  if (isOn && spot && !(spot.parent === row.dataset.parent && spot.after === stood)) move(row, { parent: spot.parent, after: spot.after });
}

forgetSent();
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", onPointerDown);
document.addEventListener("pointermove", onPointerMove);
document.addEventListener("pointerup", onPointerUp);
document.addEventListener("pointercancel", (event) => { if (drag?.pointer === event.pointerId) letGo(); });
document.addEventListener("touchmove", (event) => { if (drag?.isOn) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (drag) event.preventDefault(); });
document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".draft-row")) event.preventDefault(); });
document.addEventListener("click", (event) => {
  if (isClickLeft && event.target.closest?.(".draft-row")) event.preventDefault();
  isClickLeft = false;
}, true);

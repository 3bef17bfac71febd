/* Moves provisions of a draft by keys and by dragging. Without this, each has its buttons on its own page. */
"use strict";

const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
const NEST_AFTER = 48; // pixels to the inner side at which a dropped provision goes into the one above it

const token = () => document.querySelector("#draft-token input").value;
const isRightToLeft = () => getComputedStyle(document.querySelector("[data-draft]")).direction === "rtl";

async function move(row, values) {
  const address = `${row.querySelector(".draft-row__open").pathname}move/`;
  await window.htmx.ajax("POST", address, {
    target: "#draft-text",
    swap: "outerHTML",
    values: { ...values, csrfmiddlewaretoken: token() },
  });
  const moved = document.getElementById(row.id);
  if (moved) {
    moved.querySelector(".draft-row__open").focus({ preventScroll: true });
    moved.scrollIntoView({ block: "nearest" });
  }
}

function onKey(event) {
  const row = event.target.closest(".draft-row");
  if (!row) return;
  if (event.key === "+" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    row.querySelector(".draft-row__add").click();
    return;
  }
  if (!event.altKey || !STEPS[event.key]) return;
  event.preventDefault();
  let step = STEPS[event.key];
  if (isRightToLeft() && (step === "in" || step === "out")) step = step === "in" ? "out" : "in";
  move(row, { step });
}

let dragged = null;
let drop = null;

function clearDrop() {
  document.querySelectorAll(".is-drop, .is-drop-in").forEach((row) => row.classList.remove("is-drop", "is-drop-in"));
  drop = null;
}

function onDragStart(event) {
  const row = event.target.closest?.(".draft-row");
  if (!row) return;
  dragged = row;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", row.id);
}

function onDragOver(event) {
  const row = event.target.closest?.(".draft-row");
  if (!dragged || !row || row === dragged) return;
  event.preventDefault();
  clearDrop();
  const number = row.querySelector(".draft-row__number").getBoundingClientRect();
  const inward = isRightToLeft() ? number.right - event.clientX : event.clientX - number.left;
  const isIn = inward > NEST_AFTER + number.width;
  row.classList.add(isIn ? "is-drop-in" : "is-drop");
  drop = isIn ? { parent: row.id, after: "" } : { parent: row.dataset.parent, after: row.id };
}

function onDrop(event) {
  if (!dragged || !drop) return;
  event.preventDefault();
  const spot = drop;
  const row = dragged;
  clearDrop();
  move(row, spot);
}

document.addEventListener("keydown", onKey);
document.addEventListener("dragstart", onDragStart);
document.addEventListener("dragover", onDragOver);
document.addEventListener("drop", onDrop);
document.addEventListener("dragend", () => { clearDrop(); dragged = null; });

/* Puts a mark where the cursor is: of a source, or of what is pulled in. Without this, marks are typed. */
"use strict";

function insert(button) {
  const field = document.querySelector(button.dataset.insert);
  if (!field || field.disabled) return;
  const before = field.value.slice(0, field.selectionEnd);
  const after = field.value.slice(field.selectionEnd);
  let text = button.dataset.insertText;
  if ("insertAlone" in button.dataset) {
    // A mark that becomes a table or a list takes a line of its own.
    const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    text = `${gap}${text}${after === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n"}`;
  }
  field.focus();
  field.setSelectionRange(before.length, before.length);
  field.setRangeText(text, before.length, before.length, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const button of document.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => insert(button));
}

/* A long list of boxes to tick, narrowed down by typing. Without this, its groups are opened by hand. */
"use strict";

const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLocaleLowerCase();

function narrow(choices) {
  const field = choices.querySelector("[data-choices-find]");
  const groups = [...choices.querySelectorAll("[data-choices-group]")];
  field.closest("[hidden]").hidden = false;
  field.addEventListener("input", () => {
    const typed = plain(field.value.trim());
    for (const group of groups) {
      let found = 0;
      for (const label of group.querySelectorAll("label")) {
        label.hidden = !plain(label.textContent).includes(typed);
        if (!label.hidden) found += 1;
      }
      group.hidden = !found;
      group.open = typed !== "" && found > 0;
    }
  });
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}

document.querySelectorAll("[data-choices]").forEach(narrow);

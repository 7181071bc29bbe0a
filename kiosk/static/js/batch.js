// Ticks all cards of a batch at once; without JavaScript each is ticked by itself.

for (const place of document.querySelectorAll("[data-all]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    for (const box of place.closest("fieldset").querySelectorAll("input[type=checkbox]")) box.checked = true;
  });
}

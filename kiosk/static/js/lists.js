// Uploading and applying a family list. Without this the same forms work by hand: one press, one step.

for (const form of document.querySelectorAll("form[data-upload]")) {
  const tooLarge = form.querySelector("[data-too-large]");
  const isTooLarge = () => (form.elements.file.files[0]?.size ?? 0) > Number(form.dataset.largest);

  form.elements.file.addEventListener("change", () => (tooLarge.hidden = !isTooLarge()));
  form.addEventListener("submit", (event) => {
    if (isTooLarge()) {
      // stopped before kiosk.js marks the form as sent: another file may be chosen
      event.preventDefault();
      event.stopImmediatePropagation();
      tooLarge.hidden = false;
      form.elements.file.focus();
      return;
    }
    form.querySelector("[data-patience]").hidden = true;
    form.querySelector("[data-reading]").hidden = false;
  }, { capture: true });
  window.addEventListener("pageshow", () => {
    form.querySelector("[data-reading]").hidden = true;
  });
}

const RETRY_MS = 2000; // a server that was started anew is back after about this long

// One step after the other, until the page that comes back has no further step to offer.
async function applyAll(form) {
  const { action } = form;
  const body = new URLSearchParams(new FormData(form));
  const panel = () => document.getElementById("penerapan");
  const show = (selector, isShown) => {
    for (const part of panel().querySelectorAll(selector)) part.hidden = !isShown;
  };
  const showRunning = () => {
    show("[data-running]", true);
    show("[data-paused]", false);
    show(".actions", false);
  };

  document.querySelector("[data-discard]")?.remove(); // what has begun cannot be thrown away any more
  panel().focus();
  for (;;) {
    showRunning();
    let page;
    try {
      const answer = await fetch(action, { method: "POST", body });
      // signed out, forbidden, or applied from elsewhere in the meantime: the page itself says which
      if (!answer.ok || !answer.headers.get("Content-Type").startsWith("text/html")) return location.reload();
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      show("[data-broken]", true);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      continue;
    }
    const next = page.getElementById("penerapan");
    if (!next) return location.reload();
    if (next.dataset.state !== "applying") return location.replace(location.href);
    panel().innerHTML = next.innerHTML;
    document.dispatchEvent(new Event("kiosk:active"));
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-steps]")) return;
  event.preventDefault();
  applyAll(event.target);
});

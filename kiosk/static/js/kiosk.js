// What every page does: send a form once, and leave no family on the screen of a counter that nobody is at.

const WARN_BEFORE_MS = 2 * 60 * 1000;

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelector("button:not([type=button])")?.setAttribute("aria-disabled", "true");
  });
}

// a page that the browser kept and shows again by "back" may send again
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  }
});

document.querySelector("[aria-invalid=true]")?.focus();

const idle = document.querySelector(".idle");
if (idle) {
  const limit = Number(document.body.dataset.idleSeconds) * 1000;
  const keep = idle.querySelector("[data-keep-alive]");
  let timers = [];

  const begin = () => {
    timers.forEach(clearTimeout);
    idle.hidden = true;
    timers = [setTimeout(() => (idle.hidden = false), limit - WARN_BEFORE_MS), setTimeout(cover, limit)];
  };
  // without a request: tabs that reloaded themselves in turn would keep the session alive for ever
  const cover = () => {
    document.querySelector("main").replaceChildren();
    for (const part of idle.children) part.hidden = part.classList.contains("idle__soon");
  };
  keep.addEventListener("click", async () => {
    const answer = await fetch(keep.dataset.keepAlive, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) begin();
    else location.reload();
  });
  document.addEventListener("kiosk:active", begin); // long work that the page does by itself is work too
  begin();
}

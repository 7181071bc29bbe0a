// Keeps the numbers of the queue fresh. Asked without cookies: watching is no work and must not keep a session alive.

const EVERY_MS = 15 * 1000;

async function refresh(place) {
  const stale = place.parentElement.querySelector(".board__stale");
  const answer = await fetch(place.dataset.fresh, { credentials: "omit", cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-board]");
    if (fresh) place.replaceChildren(fresh);
  }
  stale.hidden = Boolean(answer?.ok);
}

for (const place of document.querySelectorAll("[data-fresh]")) {
  setInterval(() => document.hidden || refresh(place), EVERY_MS);
}

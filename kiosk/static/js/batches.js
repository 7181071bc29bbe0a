// Keeps the progress of a batch fresh while it is drawn. Without this the page loads itself anew.

const EVERY_MS = 1500;

async function refresh() {
  const panel = document.getElementById("penyiapan");
  const broken = panel.querySelector("[data-broken]");
  let page;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return location.reload();
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    if (broken) broken.hidden = false;
    return setTimeout(refresh, EVERY_MS);
  }
  const next = page.getElementById("penyiapan");
  if (next?.dataset.live !== "yes") return location.reload();
  panel.innerHTML = next.innerHTML;
  setTimeout(refresh, EVERY_MS);
}

if (document.getElementById("penyiapan")?.dataset.live === "yes") setTimeout(refresh, EVERY_MS);

// Shows what /readyz says: whether the server takes calls.
const place = document.getElementById("ready");

async function show() {
  try {
    const answer = await fetch("/readyz");
    const told = await answer.json();
    const out = (told.out_of_service ?? []).map((each) => each.info);
    place.className = `banner ${answer.ok && !out.length ? "ok" : "no"}`;
    place.textContent = [answer.ok ? "✔ The server is ready." : `✘ The server is not ready: ${told.detail ?? answer.statusText}`, ...out].join(" ");
  } catch {
    place.className = "banner no";
    place.textContent = "✘ The server doesn't answer.";
  }
}

show();
setInterval(() => { if (!document.hidden) show(); }, 10_000);

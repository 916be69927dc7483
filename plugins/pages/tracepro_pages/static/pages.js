// What every page does: logs out, refreshes itself where it says so, and tells when the server is away.
import { send } from "./api.js";

const offline = document.getElementById("offline");

/** Where somebody logs in and comes back to this page. */
const loginPath = () => `/ui/login?back=${encodeURIComponent(location.pathname + location.search)}`;

document.getElementById("logout")?.addEventListener("click", async () => {
  try {
    await send("POST", "/ui/logout", {});
    location.assign(loginPath());
  } catch {
    connection(false);
  }
});

document.getElementById("login-link")?.addEventListener("click", (event) => {
  if (location.pathname !== "/ui/login") event.currentTarget.href = loginPath();
});

/** Shows since when the server doesn't answer; hides it when it does. */
export function connection(works) {
  if (works) {
    offline.hidden = true;
  } else if (offline.hidden) {
    offline.querySelector("time").textContent = new Date().toLocaleTimeString();
    offline.hidden = false;
  }
}

const ALIVE = 3000; // milliseconds

// A form that leads to another page waits for a server that answers: the browser's own page of errors leads nowhere.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("action")) return;
  event.preventDefault();
  try {
    await fetch("/healthz", { signal: AbortSignal.timeout(ALIVE) });
    connection(true);
    form.submit();
  } catch {
    connection(false);
  }
});

const main = document.getElementById("main");
const parts = (main.dataset.refreshParts ?? "#main, .panels").split(", ");

const PATIENCE = 10_000; // milliseconds; answers that never come would take all the connections that a browser has for a server

/** Reads this page again and puts what it shows now in the place of what it showed, in the parts that main names; what has an `id` stays in focus. */
export async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.type === "opaqueredirect") return location.reload();
    if (!answer.ok) return connection(answer.status < 500);
    connection(true);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const focused = document.activeElement;
    for (const part of parts) {
      const [now, then] = [fresh.querySelector(part), document.querySelector(part)];
      if (now && then && now.innerHTML !== then.innerHTML) then.replaceChildren(...now.childNodes);
    }
    if (focused?.id && !focused.isConnected) document.getElementById(focused.id)?.focus();
  } catch {
    connection(false);
  }
}

const told = document.createElement("p"); // in a place that no refresh takes away
told.setAttribute("role", "status");
told.hidden = true;
main.before(told);

/** Shows what was done above the page; `kind` is ok or no. */
export function tell(sentence, kind = "ok") {
  told.className = `banner ${kind}`;
  told.textContent = sentence;
  told.hidden = sentence === "";
}

const seconds = Number(main.dataset.refresh ?? 0);
if (seconds > 0) {
  setInterval(() => { if (!document.hidden) refresh(); }, seconds * 1000);
}

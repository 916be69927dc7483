// Logging in and out at a station: never by the queue, for who works here is known at once or not at all.
import { call, newKey } from "../pages/api.js";
import { refresh } from "../pages/pages.js";
import { isRefusal } from "./queue.js";
import { away, sentences } from "./station_view.js";

const LOGOUT = 2; // WWL_LOGOUT

/** Logs in whom a card or a code means, and shows who that is or all that is against it. */
export async function login(wp_id, ident, show) {
  show("wait", "Logging in …");
  try {
    const { name, checks } = await call("loginwp", { worker_id: ident, wp_id });
    await refresh();
    show("ok", `Logged in: ${name}`, checks.map(({ info }) => info).join(" "));
  } catch (error) {
    if (isRefusal(error)) show("no", "Not logged in", "", sentences(error));
    else show("no", "Not logged in", "", [`${away(error)} Logging in doesn't wait: scan again when it does.`]);
  }
}

/** Calls `take(ident)` for each code that is typed into the form for those without a card. */
export function askedWithoutCard(take) {
  const [form, ident] = [document.getElementById("login"), document.getElementById("ident")];
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (ident.value.trim()) take(ident.value.trim());
    ident.value = "";
  });
}

/** Logs workers out by their buttons. */
export function loggedOut(wp_id, show) {
  document.getElementById("state").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-logout]");
    if (button) logout(wp_id, button.dataset, show);
  });
}

async function logout(wp_id, { logout: worker_id, name }, show) {
  try {
    await call("addwlaction", { worker_id: Number(worker_id), wp_id, action: LOGOUT }, newKey());
    await refresh();
    show("info", `Logged out: ${name}`);
  } catch (error) {
    show("no", "Not logged out", name, isRefusal(error) ? sentences(error) : [`${away(error)} Try again when it does.`]);
  }
}

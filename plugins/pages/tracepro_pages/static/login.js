// Logs in with a name and a password, or with a token.
import { NoAnswer, send } from "./api.js";

const form = document.getElementById("login");
const refusal = form.querySelector("[role=alert]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  const who = given.token ? { token: given.token.trim() } : { username: given.username, password: given.password };
  refusal.hidden = true;
  try {
    await send("POST", "/ui/login", who);
    location.assign(form.dataset.back);
  } catch (error) {
    refusal.textContent = error instanceof NoAnswer ? "The server doesn't answer; try again." : error.message;
    refusal.hidden = false;
  }
});

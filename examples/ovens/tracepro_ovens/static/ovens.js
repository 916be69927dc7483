// Adds a reading, by the API that the probes use too.
import { newKey, NoAnswer, send } from "../pages/api.js";

const form = document.getElementById("reading");
const refusal = form?.querySelector("[role=alert]");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  refusal.hidden = true;
  const reading = { wp_id: form.wp_id.valueAsNumber, celsius: form.celsius.valueAsNumber };
  form.dataset.key ??= newKey(); // the same when it is sent again, so that it counts once
  try {
    await send("POST", "/api/ovens/readings", reading, form.dataset.key);
    location.reload();
  } catch (error) {
    if (!(error instanceof NoAnswer)) delete form.dataset.key;
    refusal.textContent = error instanceof NoAnswer ? "The server doesn't answer; try again." : error.message;
    refusal.hidden = false;
  }
});

form?.addEventListener("input", () => { delete form.dataset.key; });

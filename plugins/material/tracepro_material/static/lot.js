// Writes a part of a lot off: once, however often the button is pressed while no answer comes.
import { NoAnswer, call, newKey } from "../pages/api.js";

const form = document.getElementById("write-off");

if (form) {
  const refusal = form.querySelector("[role=alert]");
  const button = form.querySelector("button");
  let key = newKey();
  form.addEventListener("input", () => { key = newKey(); });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const params = {
      wfloormat_id: Number(form.dataset.lot),
      amount: Number(form.elements.amount.value),
      reason: form.elements.reason.value.trim(),
    };
    refusal.hidden = true;
    button.disabled = true;
    try {
      await call("writeoffmat", params, key);
      location.reload();
    } catch (error) {
      refusal.textContent = error instanceof NoAnswer ? "The server doesn't answer; try again, it is booked once." : error.message;
      refusal.hidden = false;
      button.disabled = false;
    }
  });
}

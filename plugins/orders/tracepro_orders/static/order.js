// Releases, holds, finishes and closes an order; what stops work is asked back.
import { showRefusal, write } from "../pages/forms.js";

const change = document.getElementById("change");

change?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-status]");
  if (!button || (button.dataset.ask && !confirm(button.dataset.ask))) return;
  button.disabled = true;
  try {
    const properties = { status: Number(button.dataset.status) };
    await write("updateorder", { order_id: Number(change.dataset.order), properties });
    location.reload();
  } catch (error) {
    showRefusal(change, error);
    button.disabled = false;
  }
});

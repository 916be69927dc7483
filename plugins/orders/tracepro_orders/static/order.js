// Releases, holds, finishes and closes an order.
import { showRefusal, write } from "../pages/forms.js";

const change = document.getElementById("change");

change?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-status]");
  if (!button) return;
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

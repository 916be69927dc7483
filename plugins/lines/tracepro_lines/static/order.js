// Puts an order on a line, or takes it off.
import { call } from "../pages/api.js";
import { showRefusal, submitted, write } from "../pages/forms.js";

const form = document.getElementById("set");

async function set(order_id) {
  await write("setlineorder", { line_name: form.dataset.line, order_id });
  location.assign(form.dataset.back);
}

submitted(form, async ({ erp_ref }) => {
  const order = await call("findorder", { erp_ref });
  if (!order) throw new Error(`There is no order ${erp_ref}; scan or type its reference again.`);
  await set(order.id);
});

document.getElementById("clear")?.addEventListener("click", () => set(null).catch((error) => showRefusal(form, error)));

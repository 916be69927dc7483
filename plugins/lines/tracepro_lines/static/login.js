// Logs workers in on a line by their cards, one after the other.
import { call } from "../pages/api.js";
import { submitted, write } from "../pages/forms.js";


const form = document.getElementById("login");
const done = form.querySelector("[role=status]");
const field = form.querySelector("[name=card]");

submitted(form, async ({ card, wp_id }) => {
  done.hidden = true;
  field.value = "";
  field.focus();
  const worker = await call("getworkerbycard", { card });
  if (!worker) throw new Error("Nobody has this card; scan it again, or have it given to you.");
  const wp_ids = wp_id ? [Number(wp_id)] : [];
  await write("setlinelogin", { line_name: form.dataset.line, wp_ids, workers: [worker.id] });
  done.textContent = `${worker.name} is logged in.`;
  done.hidden = false;
});

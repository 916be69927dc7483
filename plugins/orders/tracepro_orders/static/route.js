// Edits the routing of an order as rows, and saves it whole.
import { submitted, write } from "../pages/forms.js";

const REPAIR = 8;
const FIRST_PIECE = 16;
const STRIDE = 10;
const form = document.getElementById("route");

function check(row) {
  const { flags } = JSON.parse(row.dataset.step);
  for (const box of row.querySelectorAll("[name=flag]")) box.checked = (flags & box.value) !== 0;
}

/** Returns a row as a step; of what the page doesn't show, such as further params, nothing is lost. */
function stepOf(row) {
  const step = JSON.parse(row.dataset.step);
  const field = (name) => row.querySelector(`[name=${name}]`).value;
  const ticked = Array.from(row.querySelectorAll("[name=flag]"), (box) => [Number(box.value), box.checked]);
  for (const [bit, on] of ticked) step.flags = on ? step.flags | bit : step.flags & ~bit;
  const params = { ...step.params, ...number("back_to", step.flags & REPAIR), ...number("first_piece_act", step.flags & FIRST_PIECE) };
  return { ...step, op: Number(field("op")), act: Number(field("act")), name: field("name").trim(), params };

  function number(name, asked) {
    delete step.params[name];
    return asked && field(name) !== "" ? { [name]: Number(field(name)) } : {};
  }
}

function rows() {
  return Array.from(form.querySelectorAll("tbody tr"));
}

function add() {
  const row = document.getElementById("row").content.querySelector("tr").cloneNode(true);
  const highest = Math.max(0, ...rows().map((each) => Number(each.querySelector("[name=op]").value)));
  row.querySelector("[name=op]").value = highest + STRIDE;
  form.querySelector("tbody").append(row);
  row.querySelector("[name=act]").focus();
}

if (form) {
  rows().forEach(check);
  document.getElementById("add").addEventListener("click", add);
  form.addEventListener("click", (event) => event.target.closest(".remove")?.closest("tr").remove());
  submitted(form, async () => {
    const order_id = Number(form.dataset.order);
    await write("updateorder", { order_id, properties: {}, operations: rows().map(stepOf) });
    location.assign(`/ui/order/${order_id}`);
  });
}

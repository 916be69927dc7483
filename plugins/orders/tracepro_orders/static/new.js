// Makes an order, with the routing of another one or without.
import { call } from "../pages/api.js";
import { submitted, write } from "../pages/forms.js";

const CREATE_ITEMS = 1;
const FREE = 0;
const COPIED = ["item_name", "mptp", "mpcount", "barcode_mp", "barcode_pcb", "customer", "cat1", "cat2", "cat3", "params", "vd"];
const form = document.getElementById("new");
let made = null; // what was made already stays so when its routing is sent again

/** Returns the order that is copied, null for none. */
async function copied(reference) {
  if (!reference) return null;
  const order = await call("findorder", { erp_ref: reference });
  if (!order) throw new Error(`There is no order ${reference} to copy; look at its reference, or leave the field empty.`);
  return order;
}

if (form) submitted(form, async (given) => {
  const pattern = await copied(given.copy.trim());
  const item = given.item.trim() || pattern?.item;
  if (!item) throw new Error("Say which product is made, or copy an order.");
  const kept = pattern ? pattern.flags & ~CREATE_ITEMS : FREE;
  const flags = kept | (given.creates ? CREATE_ITEMS : FREE);
  const properties = { flags, amount: Number(given.amount) };
  if (made?.given !== given.erp_ref) made = { given: given.erp_ref, ...(await write("makeorder", { erp_ref: given.erp_ref, item, ...properties })) };
  if (pattern) await write("updateorder", { order_id: made.id, ...copyOf(pattern, properties) });
  location.assign(pattern ? `/ui/order/${made.id}` : `/ui/order/${made.id}/route`);
});

/** Returns what updateorder takes: for another product only the routing is copied. */
function copyOf(pattern, properties) {
  const copied = made.item === pattern.item ? COPIED.map((name) => [name, pattern[name]]) : [];
  return { properties: { ...properties, ...Object.fromEntries(copied) }, operations: pattern.operations };
}

// Makes an order, with the routing of another one or without.
import { call } from "../pages/api.js";
import { submitted, write } from "../pages/forms.js";

const CREATE_ITEMS = 1;
const FREE = 0;
const COPIED = ["item_name", "mptp", "mpcount", "barcode_mp", "barcode_pcb", "customer", "cat1", "cat2", "cat3", "params", "vd"];
const form = document.getElementById("new");

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
  const order = await write("makeorder", { erp_ref: given.erp_ref, item, flags, amount: Number(given.amount) });
  if (pattern) await write("updateorder", { order_id: order.id, ...copyOf(pattern, item) });
  location.assign(pattern ? `/ui/order/${order.id}` : `/ui/order/${order.id}/route`);
});

/** Returns what updateorder takes: of another product only the routing is copied. */
function copyOf(pattern, item) {
  const properties = {};
  if (item === pattern.item) for (const name of COPIED) properties[name] = pattern[name];
  return { properties, operations: pattern.operations };
}

// How a booking that waited is made at the server: what couldn't be asked when it was scanned is found out first.
import { call, Refused } from "../pages/api.js";
import { look, no, unitOf } from "./lookup.js";

const PCB = 1; // ITEM_TP_PCB
const PANEL = 2; // ITEM_TP_MULTIPANEL

/** Books one at the server; what had to be found out before is kept, so that a second try sends the very same. */
export async function send({ code, place, method, params, mat, key }, keep) {
  if (!params.item_id) {
    params = { ...params, ...(await (method === "setitemscrap" ? unitFor : stepFor)(place, code)) };
    await keep({ params });
  }
  if (mat.length && !params.mat) {
    params = { ...params, mat: await lots(mat) };
    await keep({ params });
  }
  await call(method, params, key);
}

/** Returns a unit of an order with a code, made if need be: a panel where the order makes panels and the code fits, else a board. */
async function made(order, code) {
  const make = (tp) => call("getitem", { order_id: order.id, barcode: code, tp });
  if (!order.mptp) return make(PCB);
  return make(PANEL).catch((error) => {
    if (error.code !== "barcode-mask") throw error;
    return make(PCB);
  });
}

/** Raises the reasons against a unit as a refusal of the server, whose sentences most of them are. */
function refuse(reasons) {
  throw new Refused({ code: reasons[0]?.code, message: reasons[0]?.info, reasons }, 200);
}

/** Finds what to book for a code that couldn't be asked about, or a new one; returns item_id, op and act. Raises Refused with all reasons. */
async function stepFor(place, code) {
  const { ok, reasons, unit, order, step } = await look(place, code, await call("getitembybarcode", { barcode: code }));
  if (!ok) refuse(reasons);
  return { item_id: (unit ?? (await made(order, code))).id, op: step.op, act: step.act };
}

/** Finds the unit of a code, whatever is against work on it; returns item_id. Raises Refused. */
async function unitFor(place, code) {
  const { unit, reasons } = await unitOf(place, code, await call("getitembybarcode", { barcode: code }));
  if (!unit) refuse(reasons ?? no("item-not-found", `No unit has the code ${code}.`).reasons);
  return { item_id: unit.id };
}

/** Returns material rows as the API takes them, for rows of article, lot, amount, hole and reference. */
async function lots(rows) {
  const known = [];
  for (const { mat_item, mat_lot, amount, hole_no, ref } of rows) {
    const { wfloormat_id } = await call("getfloormat", { mat_item, mat_lot });
    known.push([wfloormat_id, ref, amount, hole_no]);
  }
  return known;
}

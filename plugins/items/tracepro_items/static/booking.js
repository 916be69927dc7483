// What is kept of a booking, and how it is made at the server: what couldn't be asked when it was scanned is found out first.
import { call, Refused } from "../pages/api.js";
import { now } from "../pages/clock.js";
import { look, no, unitOf } from "./lookup.js";

const PCB = 1; // ITEM_TP_PCB
const PANEL = 2; // ITEM_TP_MULTIPANEL

/** Returns the booking of a scanned unit that passed (result 0) or failed (1), with its rows of data and material. */
export function recordOf({ code, place, unit, step, since }, result, { data, mat }, mat_auto) {
  const times = { tm0: new Date(Math.min(since, now())).toISOString(), tm1: new Date(now()).toISOString() };
  const found = unit ? { item_id: unit.id, op: step.op, act: step.act } : {};
  const params = { ...found, wp_id: place.wp_id, workers: place.workers, ...times, result, mat_auto, data };
  return { code, place, method: mat.length ? "addopwithmat" : "addop", params, mat, word: result ? "Fail" : "Pass" };
}

/** Returns the booking that scraps a scanned unit. */
export function scrapOf({ code, place, unit }, reason) {
  const params = { ...(unit ? { item_id: unit.id } : {}), wp_id: place.wp_id, workers: place.workers, reason };
  return { code, place, method: "setitemscrap", params, mat: [], word: "Scrap" };
}

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

/** Refuses a card that was scanned when nobody could tell: it would become the code of a new unit. */
async function refuseCard(code) {
  const worker = await call("getworkerbycard", { card: code });
  if (worker) refuse(no("item-not-found", `${code} is the card of ${worker.name}, not a unit: give this up, and scan the card to log in.`).reasons);
}

/** Finds what to book for a code that couldn't be asked about, or a new one; returns item_id, op and act. Raises Refused with all reasons. */
async function stepFor(place, code) {
  const { ok, reasons, unit, order, step } = await look(place, code, await call("getitembybarcode", { barcode: code }));
  if (!unit) await refuseCard(code);
  if (!ok) refuse(reasons);
  return { item_id: (unit ?? (await made(order, code))).id, op: step.op, act: step.act };
}

/** Finds the unit of a code, whatever is against work on it; returns item_id. Raises Refused. */
async function unitFor(place, code) {
  const { unit, reasons } = await unitOf(place, code, await call("getitembybarcode", { barcode: code }));
  if (!unit) await refuseCard(code);
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

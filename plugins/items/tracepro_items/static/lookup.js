// What a code means at a station: a unit, at which step, and whether that may be booked; asked of the server, decided there.
import { ask, Refused } from "../pages/api.js";

const PATIENCE = 5; // seconds until a scan counts as unanswered
const ACTIVE = 1; // ORDER_ST_ACTIVE
const BEHIND = ["op-already-done", "repair-not-due"]; // a unit that needs another step says this of those it doesn't need

const unless = (answer, otherwise) => (answer instanceof Refused ? otherwise : answer);
/** The answer against a unit that the page itself gives. */
export const no = (code, info) => ({ ok: false, reasons: [{ code, info }] });

/** Returns what is known of a code: `worker` by card, `order` by its reference, `units`; and the `machine` that the station is on its line. */
export async function identify(place, code) {
  const questions = [
    ["getitembybarcode", { barcode: code }],
    ["getworkerbycard", { card: code }],
    ["findorder", { erp_ref: code }],
  ];
  if (place.line) questions.push(["linegetinfo", { line_name: place.line }]);
  const [units, worker, order, line] = await ask(questions, PATIENCE);
  if (units instanceof Refused) throw units;
  const machine = unless(line, null)?.machines.find(({ wp_id }) => wp_id === place.wp_id) ?? null;
  return { units, worker: unless(worker, null), order: unless(order, null), machine };
}

/** Returns the answer for a unit: `ok`, `reasons`, and as far as there are: `unit`, `order`, `step`. `place.order_id` is the order worked on. */
export async function look(place, code, units) {
  const found = await unitOf(place, code, units);
  if (found.reasons) return found;
  const { order, unit } = found;
  const steps = stepsHere(place, order);
  if (!steps.length) {
    return { ...found, ...no("op-not-in-route", `Order ${order.erp_ref} (${order.item}) has no step that is done at this station; take the unit to another.`) };
  }
  return { ...found, ...(unit ? await stepOf(place, unit, steps) : await newUnit(place, code, order, steps[0])) };
}

/** Finds the unit with its order, or the order that a new one would be of. */
export async function unitOf(place, code, units) {
  const ids = place.order_id ? [place.order_id] : [...new Set(units.map(({ order_id }) => order_id))];
  if (!ids.length) {
    return no("item-not-found", `No unit has the code ${code}. A new one needs an order: put one on the line, or scan an order's code first.`);
  }
  const orders = (await ask(ids.map((order_id) => ["getorder", { order_id }]), PATIENCE)).filter((order) => order && !(order instanceof Refused));
  const active = orders.filter(({ status }) => status === ACTIVE);
  const meant = active.length ? active : orders;
  if (meant.length !== 1) {
    return no("item-ambiguous", `Several units have the code ${code}, of ${meant.map(({ erp_ref }) => erp_ref).join(", ")}; scan the order's code first.`);
  }
  return { order: meant[0], unit: units.find(({ order_id }) => order_id === meant[0].id) ?? null };
}

/** The steps of an order that the station does: its machine's, else those of the workplace's kinds of work. */
function stepsHere({ machine, acts }, order) {
  const { operation = null, act = null } = machine ?? {};
  const own = order.operations.filter((step) => (operation === null ? step.act === act : step.op === operation && (act === null || step.act === act)));
  return own.length ? own : order.operations.filter((step) => acts.includes(step.act));
}

/** The first step that may be booked; when none may, the first that the unit still needs, with all that is against it. */
async function stepOf({ wp_id, workers }, unit, steps) {
  const questions = steps.map(({ op, act }) => ["canaddop", { item_id: unit.id, op_act_list: [[op, act]], wp_id, workers }]);
  const op_act_list = steps.map(({ op, act }) => [op, act]);
  const [process, ...found] = await ask([["checkproc", { order_id: unit.order_id, op_act_list, wp_id, workers }], ...questions], PATIENCE);
  const answers = found.map((answer, index) => ({ ...judgement(answer), step: steps[index], notes: notes(process, steps[index]) }));
  const needed = answers.filter(({ reasons }) => !reasons.some(({ code }) => BEHIND.includes(code)));
  return answers.find(({ ok }) => ok) ?? needed[0] ?? answers[0];
}

/** Whether a unit that isn't there yet would be made and booked. */
async function newUnit({ machine, wp_id, workers, order_id }, code, order, step) {
  const { op, act } = step;
  const questions = [["checkproc", { order_id: order.id, op_act_list: [[op, act]], wp_id, workers }]];
  if (machine?.order_id === order_id) questions.push(["linecanaddop", { machine_id: machine.lineitem_id, barcode: code, op, act }]);
  const [process, answer = process] = await ask(questions, PATIENCE);
  return { ...judgement(answer), step, notes: notes(process, step) };
}

/** What plugins have to say of a step, such as a tool that is nearly worn. */
function notes(process, { op }) {
  const { entries, ...only } = unless(process, {}).op_info?.[op] ?? {};
  return (entries ?? [only]).filter(({ _name }) => _name).map(({ _name, _status }) => [_name, _status].filter(Boolean).join(": "));
}

function judgement(answer) {
  if (!(answer instanceof Refused)) return answer;
  return { ok: false, reasons: answer.reasons.length ? answer.reasons : [{ code: answer.code, info: answer.message }] };
}

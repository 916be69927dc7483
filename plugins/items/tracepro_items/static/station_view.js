// What a station shows: the verdict on a scan, the rows of data and material that go with a booking, the bookings that wait.
import { NoAnswer } from "../pages/api.js";

const SIGNS = { ok: "✔", no: "✘", wait: "…", info: "i" };
const COMPONENT_OUT = 12; // DATA_TP_COMPONENT_OUT; rows of others have a value
const TEXT = 0; // DATA_TP_TEXT; a fault's name comes before its text
const NUMBER = 1; // DATA_TP_NUMBER
const STATES = {
  waiting: ["wait", "Waits to be sent."],
  held: ["wait", "Waits for the booking of this unit before it."],
  foreign: ["wait", "Waits until whoever made it is logged in at this browser again."],
  refused: ["no", "Refused:"],
  old: ["no", "Too old to be sent: the server no longer knows whether it was booked. Look at the unit's record, book it anew if it is missing, and give this one up."],
};

const MOST = 50; // bookings that are shown; the others wait as well

const part = (selector) => document.querySelector(selector);

function made(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

/** The sentences of a refusal: all its reasons, else its message. */
export const sentences = ({ reasons, message }) => (reasons?.length ? reasons.map(({ info }) => info) : [message]);

/** Says why the server gave no answer. */
export const away = (error) => (error instanceof NoAnswer ? "The server doesn't answer." : error.message);

/** Says what can be done with a code that the server gave no answer about; `again` where a booking of it waits already. */
export function unchecked(error, again) {
  const booked = again ? ["A booking of this unit waits already: book it again for another step only."] : [];
  return [`${away(error)} It can't be checked now. Book it all the same: the booking waits here and is judged when the server answers.`, ...booked, "A card logs nobody in meanwhile."];
}

/** Returns what a scanned unit is, in a line: its code, product, order and step. */
export function told({ code, ok, unit, unanswered, order, step }) {
  const isNew = ok && !unit && !unanswered;
  const what = [isNew && "new", order && `${order.item}, order ${order.erp_ref}`, step && `step ${step.op} ${step.name}`];
  return [code, ...what.filter(Boolean)].join(" · ");
}

/** Shows a verdict: by colour, sign, word and sentences. */
export function showVerdict(kind, word, what, reasons) {
  const verdict = part("#verdict");
  verdict.className = `verdict ${kind}`;
  verdict.querySelector(".sign").textContent = SIGNS[kind];
  verdict.querySelector("strong").textContent = word;
  verdict.querySelector(".what").textContent = what;
  verdict.querySelector(".reasons").replaceChildren(...reasons.map((reason) => made("li", reason)));
}

/** Shows the bookings that wait, those of this browser's other stations too; `act` gives up a booking or sends it again. */
export function showBookings(bookings, station, act) {
  part("#queue").hidden = !bookings.length;
  part("#queue .count").textContent = String(bookings.length);
  part("#queue .more").hidden = bookings.length <= MOST;
  part("#queue .more").textContent = `The first ${MOST} are shown.`;
  part("#queue .bookings").replaceChildren(...bookings.slice(0, MOST).map((booking) => bookingRow(booking, station, act)));
}

function bookingRow({ seq, code, word, made: at, station: wp_id, state, refusal }, station, { again, discard }) {
  const [kind, sentence] = STATES[state];
  const row = made("li", "", `${kind} booking`);
  const elsewhere = wp_id === station.wp_id ? "" : `, station ${wp_id}`;
  row.append(made("span", SIGNS[kind], "sign"), made("strong", `${code}: ${word}`), made("span", `${new Date(at).toLocaleString()}${elsewhere}`));
  if (state === "refused") row.append(button(`Send ${code} again`, () => again(seq)));
  if (["refused", "old", "foreign"].includes(state)) row.append(button(`Give ${code} up`, () => giveUp(code, () => discard(seq))));
  const reasons = state === "refused" ? (refusal.reasons.length ? refusal.reasons : [refusal.message]) : [];
  row.append(made("p", [sentence, ...reasons].join(" "), "why"));
  return row;
}

function button(word, act) {
  const element = made("button", word);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

function giveUp(code, discard) {
  if (confirm(`Give the booking of ${code} up? It is not in the server's record then.`)) discard();
}

function checkData({ tp, key, value }) {
  const text = value.value.trim();
  const isNumber = tp.value !== String(NUMBER) || Number.isFinite(Number(text.replace(",", ".")));
  const isMissing = key.value.trim() && !text && ![TEXT, COMPONENT_OUT].map(String).includes(tp.value);
  value.setCustomValidity(isMissing ? "The value is missing." : isNumber ? "" : "This is not a number.");
}

function checkMaterial(fields) {
  const begun = Object.values(fields).some(({ value }) => value.trim());
  for (const name of ["mat_item", "mat_lot", "amount"]) fields[name].required = begun;
}

/** The form of data and material rows; `result` is what its button books. */
export class Rows {
  result = null;

  constructor() {
    for (const adds of document.querySelectorAll("#rows [data-add]")) {
      adds.addEventListener("click", () => this.#add(adds.dataset.add).querySelector("select, input").focus());
    }
  }

  /** Opens the form for a pass (0) or a fail (1) and leads to its first field. */
  open(result) {
    const form = part("#rows");
    if (form.hidden) this.#add("data");
    form.hidden = false;
    this.result = result;
    form.querySelector(".book").textContent = result ? "✘ Book fail" : "✔ Book pass";
    const first = form.querySelector(".data .row");
    if (result && !first.querySelector("[name=key]").value) first.querySelector("[name=key]").value = "fault";
    first.querySelector("[name=value]").focus();
  }

  /** Closes the form and forgets what is in it. */
  close() {
    part("#rows").hidden = true;
    this.result = null;
    for (const kind of ["data", "mat"]) part(`#rows .${kind}`)?.replaceChildren();
  }

  #add(kind) {
    const row = part(`#${kind}-row`).content.cloneNode(true).firstElementChild;
    part(`#rows .${kind}`).append(row);
    return row;
  }

  #read(kind) {
    const rows = [...document.querySelectorAll(`#rows .${kind} .row`)];
    return rows.map((row) => Object.fromEntries([...row.querySelectorAll("[name]")].map((field) => [field.name, field.value.trim()])));
  }

  /** Tells whether the rows can be booked, and shows the field that lacks something: what is half filled in must not be lost. */
  valid() {
    for (const row of document.querySelectorAll("#rows .row")) {
      const fields = Object.fromEntries([...row.querySelectorAll("[name]")].map((field) => [field.name, field]));
      if (fields.tp) checkData(fields);
      else checkMaterial(fields);
    }
    return part("#rows").hidden || part("#rows").reportValidity();
  }

  /** Returns the rows that are filled in: `data` as the API takes them, `mat` as objects. */
  filled() {
    const data = this.#read("data").map(({ tp, key, value }) => [Number(tp), key, value]).filter(([tp, key, value]) => value || (tp === COMPONENT_OUT && key));
    const mat = this.#read("mat").filter(({ mat_item, mat_lot }) => mat_item && mat_lot);
    return {
      data: data.map(([tp, key, value]) => [tp, key, tp === NUMBER ? Number(value.replace(",", ".")) : value]),
      mat: mat.map((row) => ({ ...row, amount: Number(row.amount), hole_no: Number(row.hole_no) })),
    };
  }
}

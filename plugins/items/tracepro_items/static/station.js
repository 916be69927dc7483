// The station: scan, the answer at once, and the booking, which goes by the queue so that a lost network loses none.
import { newKey, NoAnswer } from "../pages/api.js";
import { now } from "../pages/clock.js";
import { connection, refresh } from "../pages/pages.js";
import { scanned } from "../pages/scan.js";
import { no as lowSound, yes as highSound } from "../pages/sound.js";
import { send } from "./booking.js";
import { identify, look } from "./lookup.js";
import { isRefusal, Queue } from "./queue.js";
import { alone, BookingStore } from "./queue_store.js";
import { away, Rows, sentences, showBookings, showVerdict } from "./station_view.js";
import { login, logout } from "./station_workers.js";

const DAY = 24 * 3600 * 1000;
const LOG_IN = [401, 403]; // the server doesn't know who asks
const UNCHECKED = "It can't be checked now. Book it all the same: the booking waits here and is judged when the server answers.";
const FEEDERS = `tracepro.feeders.${JSON.parse(document.getElementById("main").dataset.station).wp_id}`;

const part = (selector) => document.querySelector(selector);
const station = JSON.parse(part("#main").dataset.station);
const rows = new Rows();
const left = new Set(); // codes that were scanned and neither booked nor put away
const channel = new BroadcastChannel("tracepro-bookings");
let unit = null; // what the verdict is about: code, place, and what the server said of it
let machine = null; // what the station is on its line, as last heard
let order = null; // scanned here, for stations whose line has none
let shown = 0; // the booking that the verdict is about, until the server has answered
let turn = 0;

// -- scanning

function place() {
  const known = part("#state [data-workers]").dataset.workers;
  const workers = machine?.worker_ids ?? known.split(",").filter(Boolean).map(Number);
  const { wp_id, line, acts } = station;
  return { wp_id, line, acts, machine, workers, order_id: machine?.order_id ?? order?.id ?? null };
}

async function take(scan) {
  const code = scan.trim();
  const command = COMMANDS[code.toLowerCase()];
  if (command) return unit ? command() : show("info", "Scan a unit first");
  leave();
  shown = 0;
  const mine = ++turn;
  show("wait", "Asking …", code);
  try {
    const found = await identify(place(), code);
    if (mine !== turn) return;
    connection(true);
    machine = found.machine;
    await takeFound(mine, code, found);
  } catch (error) {
    if (mine !== turn) return;
    if (isRefusal(error)) show("no", "Stop", code, sentences(error));
    else takeUnanswered(code, error);
  }
}

async function takeFound(mine, code, { units, worker, order: scannedOrder }) {
  if (!units.length && worker) return login(station.wp_id, code, show);
  if (!units.length && scannedOrder) return takeOrder(scannedOrder);
  const asked = { code, place: place(), since: now() };
  const found = await look(asked.place, code, units);
  if (mine === turn) showUnit({ ...asked, ...found });
}

function takeUnanswered(code, error) {
  tellAway(error);
  showUnit({ code, place: place(), since: now(), ok: true, unanswered: away(error) });
}

function tellAway(error) {
  connection(!(error instanceof NoAnswer));
  part("#log-in-again").hidden = !LOG_IN.includes(error.status);
}

function takeOrder(scannedOrder) {
  const own = machine?.erp_ref;
  if (own) return show("info", `The line works on ${own}`, `Scan its units. The line's page puts ${scannedOrder.erp_ref} on the line.`);
  order = scannedOrder;
  show("info", `Order ${order.erp_ref}`, `This station now works on it, until another is scanned or put on the line: ${order.item} ${order.item_name}`);
}

function showUnit(found) {
  unit = found;
  left.delete(found.code);
  const { code, ok, unanswered, order: of, step, reasons, notes = [] } = found;
  const what = [found.unit || unanswered || !ok ? "" : "new", of && `${of.item}, order ${of.erp_ref}`, step && `step ${step.op} ${step.name}`];
  const told = [code, ...what.filter(Boolean)].join(" · ");
  if (unanswered) return show("wait", "Not checked", told, [`${unanswered} ${UNCHECKED}`]);
  show(ok ? "ok" : "no", ok ? "Go" : "Stop", told, [...(ok ? [] : sentences({ reasons })), ...notes]);
}

/** Puts what was scanned before and not booked on the list of such units. */
function leave() {
  if (unit?.ok) left.add(unit.code);
  putAway();
}

function putAway() {
  unit = null;
  rows.close();
  part("#scrap").hidden = true;
}

function show(kind, word, what = "", reasons = [], booking = 0) {
  shown = booking; // of another the outcome changes nothing here: it would stand in the place of the next unit's verdict
  showVerdict(kind, word, what, reasons);
  if (kind === "no") setTimeout(lowSound); // once it is painted
  if (kind === "ok") setTimeout(highSound);
  part("#left").hidden = !left.size;
  part("#left .codes").textContent = [...left].join(", ");
  const bookable = station.may_book && Boolean(unit?.ok);
  part("#actions").hidden = !(station.may_book && (bookable || unit?.unit));
  for (const letter of ["p", "f", "d"]) part(`[data-act=${letter}]`).hidden = !bookable;
  const feeders = part("#feeders");
  if (feeders) feeders.hidden = !bookable;
}

// -- booking

const COMMANDS = {
  p: () => book(0),
  f: () => (rows.result === 1 ? book(1) : rows.open(1)),
  d: () => rows.open(0),
  s: () => openScrap(),
  c: () => { left.delete(unit.code); putAway(); show("info", "Scan a unit"); },
};

function openScrap() {
  part("#scrap").hidden = false;
  part("#reason").focus();
}

async function book(result) {
  if (!unit?.ok || !station.may_book || !rows.valid()) return;
  const { code, place: at, unit: known, step, since } = unit;
  const times = { tm0: new Date(Math.min(since, now())).toISOString(), tm1: new Date(now()).toISOString() };
  const { data, mat } = rows.filled();
  const found = known ? { item_id: known.id, op: step.op, act: step.act } : {};
  const params = { ...found, wp_id: at.wp_id, workers: at.workers, ...times, result, mat_auto: Boolean(part("#mat_auto")?.checked), data };
  await keep({ code, place: at, method: mat.length ? "addopwithmat" : "addop", params, mat, word: result ? "Fail" : "Pass" });
}

async function scrap(reason) {
  if (!unit || !station.may_book) return;
  const { code, place: at, unit: known } = unit;
  const params = { ...(known ? { item_id: known.id } : {}), wp_id: at.wp_id, workers: at.workers, reason };
  await keep({ code, place: at, method: "setitemscrap", params, mat: [], word: "Scrap" });
}

async function keep(booking) {
  left.delete(booking.code);
  putAway();
  const kept = await queue.add({ ...booking, key: newKey(), station: station.wp_id });
  show("wait", `Kept: ${booking.word}`, `${booking.code} · being sent …`, [], kept.seq);
}

/** What is done when the queue says so; other pages of this browser hear it too. */
const HEARD = {
  booked({ seq, code, word }) {
    connection(true);
    left.delete(code);
    if (seq === shown) show(word === "Pass" ? "ok" : "info", `Booked: ${word}`, code);
    refreshSoon();
  },
  refused({ seq, code, word, refusal }) {
    if (seq === shown) show("no", `Not booked: ${word}`, code, refusal.reasons.length ? refusal.reasons : [refusal.message]);
    else lowSound();
  },
  away(_, error) {
    tellAway(error);
    if (shown) show("wait", "Kept, not sent yet", `${away(error)} It is tried again.`, [], shown);
  },
};

function heard(what, booking, error) {
  HEARD[what]?.(booking, error);
  showQueue();
}

function tell(what, booking, error) {
  heard(what, booking, error);
  if (what !== "away") channel.postMessage({ what, booking });
}

channel.onmessage = ({ data }) => heard(data.what, data.booking);

let refreshing;
function refreshSoon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(refresh, 300);
}

async function showQueue() {
  showBookings(await queue.bookings(), station, { again: (seq) => queue.again(seq), discard: (seq) => queue.discard(seq) });
}

// -- what people do

const queue = new Queue({
  store: new BookingStore(),
  send,
  alone,
  site: () => ({ now: now(), keep: station.days * DAY, by: station.by }),
  tell,
});

scanned(part("#code"), take);
part("#actions").addEventListener("click", ({ target }) => {
  const act = target.closest("[data-act]")?.dataset.act;
  if (act && unit) COMMANDS[act]();
});
part("#state").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-logout]");
  if (button) logout(station.wp_id, button.dataset, show);
});
part("#rows").addEventListener("submit", (event) => {
  event.preventDefault();
  book(rows.result);
});
part("#scrap").addEventListener("submit", (event) => {
  event.preventDefault();
  scrap(part("#reason").value.trim());
  part("#reason").value = "";
});
part("#login").addEventListener("submit", (event) => {
  event.preventDefault();
  leave();
  login(station.wp_id, part("#ident").value.trim(), show);
  part("#ident").value = "";
});
part("#mat_auto")?.addEventListener("change", ({ target }) => localStorage.setItem(FEEDERS, target.checked ? "yes" : ""));
window.addEventListener("online", () => queue.drain());

if (part("#mat_auto")) part("#mat_auto").checked = Boolean(localStorage.getItem(FEEDERS));
try {
  await queue.store.open();
  await showQueue();
  queue.drain();
} catch (error) {
  show("no", "This browser keeps nothing", "", [`It has no database (${error}), so that bookings could be lost: use another browser for this station.`]);
  part("#code").disabled = true;
}

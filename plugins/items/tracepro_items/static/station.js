// The station: scan, the answer at once, and the booking, which goes by the queue so that a lost network loses none.
import { newKey, NoAnswer } from "../pages/api.js";
import { now } from "../pages/clock.js";
import { connection, refresh } from "../pages/pages.js";
import { scanned } from "../pages/scan.js";
import { no as lowSound, yes as highSound } from "../pages/sound.js";
import { recordOf, scrapOf, send } from "./booking.js";
import { identify, look } from "./lookup.js";
import { isRefusal, Queue } from "./queue.js";
import { alone, BookingStore } from "./queue_store.js";
import { Memory } from "./station_memory.js";
import { away, Rows, sentences, showBookings, showVerdict, told, unchecked } from "./station_view.js";
import { askedWithoutCard, loggedOut, login } from "./station_workers.js";

const DAY = 24 * 3600 * 1000;
const LOG_IN = [401, 403]; // the server doesn't know who asks
const PREFIX = /^\][A-Za-z][0-9A-Fa-f]/; // which kind of barcode it was, as some scanners say in front

const part = (selector) => document.querySelector(selector);
const station = JSON.parse(part("#main").dataset.station);
const FEEDERS = `tracepro.feeders.${station.wp_id}`;
const rows = new Rows();
const memory = new Memory(station.wp_id);
const channel = new BroadcastChannel("tracepro-bookings");
let unit = null; // what the verdict is about: code, place, and what the server said of it
let machine = null; // what the station is on its line, as last heard
let shown = null; // the booking that the verdict tells of: `seq`, and `open` until the server has answered
let scans = Promise.resolve();

// -- scanning

function place() {
  const known = part("#state [data-workers]").dataset.workers;
  const workers = machine?.worker_ids ?? known.split(",").filter(Boolean).map(Number);
  const { wp_id, line, acts } = station;
  return { wp_id, line, acts, machine, workers, order_id: machine?.order_id ?? memory.order?.id ?? null };
}

/** Takes scans one after the other: what comes faster than answers, a letter behind its unit too, waits for its turn. */
function take(scan) {
  const code = scan.trim();
  const letter = code.replace(PREFIX, "").toLowerCase();
  inTurn(() => (Object.hasOwn(COMMANDS, letter) ? obey(letter) : takeCode(code)));
}

function inTurn(work) {
  scans = scans.then(work, work);
}

async function takeCode(code) {
  putAway();
  show("wait", "Asking …", code);
  try {
    const found = await identify(place(), code);
    connection(true);
    machine = found.machine;
    if (machine?.order_id) memory.workOn(null);
    await takeFound(code, found);
  } catch (error) {
    if (isRefusal(error)) show("no", "Stop", code, sentences(error));
    else await takeUnanswered(code, error);
  }
}

async function takeFound(code, { units, worker, order }) {
  if (!units.length && worker) {
    memory.delete(code); // it was scanned when the server couldn't say what it is
    return login(station.wp_id, code, show);
  }
  if (!units.length && order) return takeOrder(order);
  const asked = { code, place: place(), since: now() };
  showUnit({ ...asked, ...(await look(asked.place, code, units)) });
}

async function takeUnanswered(code, error) {
  tellAway(error);
  const again = (await queue.bookings()).some((booking) => booking.code === code);
  showUnit({ code, place: place(), since: now(), ok: true, unanswered: unchecked(error, again) });
}

function tellAway(error) {
  connection(!(error instanceof NoAnswer));
  part("#log-in-again").hidden = !LOG_IN.includes(error.status);
}

function takeOrder(order) {
  const own = machine?.erp_ref;
  if (own) return show("info", `The line works on ${own}`, `Scan its units. The line's page puts ${order.erp_ref} on the line.`);
  memory.workOn(order);
  show("info", `Order ${order.erp_ref}`, `This station now works on it, until another is scanned or put on the line: ${order.item} ${order.item_name}`);
}

function showUnit(found) {
  unit = found;
  const { code, ok, unanswered, reasons, notes = [] } = found;
  if (ok) memory.add(code);
  else memory.delete(code);
  if (unanswered) return show("wait", "Not checked", told(found), unanswered);
  show(ok ? "ok" : "no", ok ? "Go" : "Stop", told(found), [...(ok ? [] : sentences({ reasons })), ...notes]);
}

function putAway() {
  unit = null;
  rows.close();
  part("#scrap").hidden = true;
  part("#actions").hidden = true;
}

function show(kind, word, what = "", reasons = [], booking = null) {
  shown = booking; // of another the outcome changes nothing here: it would stand in the place of the next unit's verdict
  showVerdict(kind, word, what, reasons);
  if (kind === "no") setTimeout(lowSound); // once it is painted
  if (kind === "ok") setTimeout(highSound);
  memory.show(unit?.code);
  const bookable = station.may_book && Boolean(unit?.ok);
  part("#actions").hidden = !(station.may_book && (bookable || unit?.unit));
  for (const letter of ["p", "f", "d"]) part(`[data-act=${letter}]`).hidden = !bookable;
  part("#feeders")?.toggleAttribute("hidden", !bookable);
}

// -- booking

const COMMANDS = {
  p: () => book(0),
  f: () => (rows.result === 1 ? book(1) : rows.open(1)),
  d: () => rows.open(0),
  s: () => openScrap(),
  c: () => { memory.delete(unit.code); putAway(); show("info", "Scan a unit"); },
};

/** Does what the button of a letter does, where there is that button: what is told of a booking stays when its letter comes twice. */
function obey(letter) {
  if (part(`#actions:not([hidden]) [data-act=${letter}]:not([hidden])`)) return COMMANDS[letter]();
  if (unit) lowSound();
  else if (!shown) show("info", "Scan a unit first");
}

function openScrap() {
  part("#scrap").hidden = false;
  part("#reason").focus();
}

async function book(result) {
  if (!unit?.ok || !rows.valid()) return;
  await keep(recordOf(unit, result, rows.filled(), Boolean(part("#mat_auto")?.checked)));
}

async function scrap(reason) {
  if (unit) await keep(scrapOf(unit, reason));
}

async function keep(booking) {
  putAway();
  try {
    const { seq } = await queue.add({ ...booking, key: newKey(), station: station.wp_id });
    memory.delete(booking.code);
    show("wait", `Kept: ${booking.word}`, `${booking.code} · being sent …`, [], { seq, open: true });
  } catch (error) {
    show("no", `Not booked: ${booking.word}`, booking.code, [`This browser couldn't keep it (${error}). Make room on its disk, then scan the unit again.`]);
  }
}

/** What is done when the queue says so; other pages of this browser hear it too. */
const HEARD = {
  booked({ seq, code, word }) {
    connection(true);
    if (code !== unit?.code) memory.delete(code);
    if (seq === shown?.seq) show(word === "Pass" ? "ok" : "info", `Booked: ${word}`, code, [], { seq });
    refreshSoon();
  },
  refused({ seq, code, word, refusal }) {
    connection(true);
    if (seq === shown?.seq) show("no", `Not booked: ${word}`, code, refusal.reasons.length ? refusal.reasons : [refusal.message], { seq });
    else lowSound();
  },
  away(_, error) {
    tellAway(error);
    if (shown?.open) show("wait", "Kept, not sent yet", `${away(error)} It is tried again.`, [], shown);
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
for (const button of document.querySelectorAll("#actions [data-act]")) button.addEventListener("click", () => obey(button.dataset.act));
loggedOut(station.wp_id, show);
part("#rows").addEventListener("submit", (event) => {
  event.preventDefault();
  book(rows.result);
});
part("#scrap").addEventListener("submit", (event) => {
  event.preventDefault();
  scrap(part("#reason").value.trim());
  part("#reason").value = "";
});
askedWithoutCard((ident) => inTurn(() => {
  putAway();
  return login(station.wp_id, ident, show);
}));
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !unit) return;
  rows.close();
  part("#scrap").hidden = true;
  part("#code").focus();
});
part("#mat_auto")?.addEventListener("change", ({ target }) => localStorage.setItem(FEEDERS, target.checked ? "yes" : ""));
window.addEventListener("online", () => queue.drain());

if (part("#mat_auto")) part("#mat_auto").checked = Boolean(localStorage.getItem(FEEDERS));
try {
  await queue.store.open();
  await showQueue();
  memory.show();
  queue.drain();
} catch (error) {
  show("no", "This browser keeps nothing", "", [`It has no database (${error}), so that bookings could be lost: use another browser for this station.`]);
  part("#code").disabled = true;
}

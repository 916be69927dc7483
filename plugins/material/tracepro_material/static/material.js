// Loads reels by scan, a hole and a label in any order, and closes them with a count.
import { refresh } from "../pages/pages.js";
import { scanned } from "../pages/scan.js";
import { booking, telling } from "../pages/telling.js";

const HOLE = /^(?:HOLE\s*)?(\d{1,9})$/i; // a label of a reel has an article and a lot, so it is never only a number
const form = document.getElementById("scan");
const field = document.getElementById("code");
const again = document.getElementById("forget");
const tell = telling(document.getElementById("told"));
const book = booking();
const wp_id = Number(form.dataset.wp);
const ONLY = form.dataset.hole === undefined ? null : Number(form.dataset.hole);
let hole = ONLY;
let label = null;
let busy = false;

function forget() {
  [hole, label, again.hidden] = [ONLY, null, true];
}

function take(code) {
  if (busy) return tell.refuse("The scan before is still being booked. Scan this one again.");
  const found = HOLE.exec(code.trim());
  if (found) hole = Number(found[1]);
  else label = code;
  again.hidden = false;
  if (hole === null) return tell.ask(`${label}: scan the hole it goes into.`);
  if (label === null) return tell.ask(`Hole ${hole}: scan the label of the reel.`);
  return load(null);
}

/** Loads the label that was scanned into the hole; without an amount it is the label's, and asked for where that has none. */
async function load(amount) {
  const wanted = { wp_id, mat_barcode: label, amount, hole_no: hole };
  await booked(async () => {
    const reel = await book("setwpmatbarcode", wanted);
    forget();
    const where = reel.queue ? `waits in hole ${reel.hole_no}, place ${reel.queue}` : `is in hole ${reel.hole_no}`;
    return `${reel.mat_item}, lot ${reel.mat_lot} ${where}: ${reel.amount}.`;
  }, (error) => {
    if (amount === null && error.code === "invalid-params" && error.data.parameter === "amount") return askAmount();
    forget();
    tell.refused(error);
  });
}

/** Does something to the plant, one thing at a time, tells it and shows the holes as they are then. */
async function booked(act, refused = tell.refused) {
  busy = true;
  try {
    tell.done(await act());
  } catch (error) {
    refused(error);
  }
  busy = false;
  await refresh();
}

const dialog = document.getElementById("count");
const counted = document.getElementById("counted");

/** Asks for a count; `take(amount)` gets it, or null for what is booked. */
function ask(title, what, least, mayBelieve, takeCount, leave = () => {}) {
  document.getElementById("count-title").textContent = title;
  document.getElementById("count-what").textContent = what;
  dialog.querySelector("[value=booked]").hidden = !mayBelieve;
  counted.value = "";
  counted.min = least;
  dialog.returnValue = "";
  dialog.onclose = () => {
    field.focus();
    if (dialog.returnValue === "counted") takeCount(Number(counted.value));
    else if (dialog.returnValue === "booked") takeCount(null);
    else leave();
  };
  dialog.showModal();
  counted.focus();
}

function askAmount() {
  ask("How much is on the reel?", `${label} for hole ${hole}: its label has no amount.`, "0.000001", false, load, () => {
    forget();
    tell.ask("Nothing was loaded. Scan a hole, then the label of the reel.");
  });
}

function close(reel, amount) {
  const wanted = { wp_id, mat_item: reel.item, mat_lot: reel.lot, amount, hole_no: Number(reel.hole) };
  return booked(async () => {
    const { returned, correction } = await book("closewpmat", wanted);
    const difference = correction ? ` ${Math.abs(correction)} ${correction < 0 ? "less" : "more"} than booked.` : "";
    return `Lot ${reel.lot} is off hole ${reel.hole}, ${returned} went to the floor.${difference}`;
  });
}

scanned(field, take);
again.addEventListener("click", () => { forget(); tell.ask("Scan a hole, then the label of the reel."); field.focus(); });
document.getElementById("holes").addEventListener("click", ({ target }) => {
  if (!target.matches(".close") || busy) return;
  const reel = { ...target.dataset };
  const what = `${reel.item}, lot ${reel.lot}: ${reel.amount} booked.`;
  ask(`Close the reel in hole ${reel.hole}`, what, "0", true, (amount) => close(reel, amount));
});

// Packs a box by scan: units and boxes go in, or come out; closes, ships, labels it and prints its label.
import { call } from "../pages/api.js";
import { refresh } from "../pages/pages.js";
import { scanned } from "../pages/scan.js";
import { booking, telling } from "../pages/telling.js";

const box_id = Number(document.getElementById("actions").dataset.box);
const form = document.getElementById("scan");
const field = document.getElementById("code");
const out = document.getElementById("out");
const choice = document.getElementById("choice");
const tell = telling(document.getElementById("told"));
const book = booking();
let busy = false;

/** Does one thing at a time to the box, tells it, and shows the box as it is then. */
async function booked(act) {
  if (busy) return tell.refuse("The scan before is still being booked. Scan this one again.");
  busy = true;
  choice.hidden = true;
  try {
    await act();
  } catch (error) {
    tell.refused(error);
  }
  busy = false;
  return refresh();
}

const isOut = () => out.getAttribute("aria-pressed") === "true";
const filled = ({ items, boxes, box_size }) => {
  const inside = items.length + boxes.length;
  if (!box_size) return `${inside} in the box.`;
  return inside < box_size ? `${inside} of ${box_size} in the box.` : `The box is full: ${inside} of ${box_size}.`;
};

/** Returns what a code may mean here: the box with that label, and the units with that code, of this box's product if there is one. */
async function meant(code) {
  const [units, inner] = await Promise.all([
    call("getitembybarcode", { barcode: code }),
    call("getboxbylabel", { label: code }),
  ]);
  const fitting = units.filter((unit) => !form.dataset.item || unit.item === form.dataset.item);
  const found = (fitting.length ? fitting : units).map((unit) => ({ unit: unit.id, title: `Unit ${code} of ${unit.item}` }));
  return inner ? [{ inner: inner.id, title: `Box ${code}` }, ...found] : found;
}

async function move({ unit, inner, title }) {
  if (isOut() && inner) return tell.refuse("A box comes out when everything is taken out of the box it lies in.");
  if (isOut()) return tell.done(`${title} is out. ${filled(await book("delfrombox", { wbox_id: box_id, item_id: unit }))}`);
  const [method, params] = inner ? ["addboxbox", { child_box_id: inner }] : ["addboxitem", { item_id: unit }];
  return tell.done(`${title} is in. ${filled(await book(method, { wbox_id: box_id, ...params }))}`);
}

async function take(code) {
  const found = await meant(code);
  if (found.length === 1) return move(found[0]);
  if (!found.length) return tell.refuse(`Nothing here has the code ${code}. Scan it again, or look whether it was made.`);
  choice.replaceChildren(...found.map((each) => {
    const button = document.createElement("button");
    button.textContent = each.title;
    button.addEventListener("click", () => { field.focus(); booked(() => move(each)); });
    return button;
  }));
  choice.hidden = false;
  return tell.ask(`${code} is several things. Choose one.`);
}

if (form) {
  scanned(field, (code) => booked(() => take(code.trim())));
  out.addEventListener("click", () => {
    out.setAttribute("aria-pressed", String(!isOut()));
    tell.ask(isOut() ? "Scan what comes out of this box." : "Scan what goes into this box.");
    field.focus();
  });
}

document.getElementById("content").addEventListener("click", ({ target }) => {
  const { unit, code } = target.dataset;
  if (!unit) return;
  booked(async () => {
    const box = await book("delfrombox", { wbox_id: box_id, item_id: Number(unit) });
    tell.done(`${code} is out. ${filled(box)}`);
    field.focus();
  });
});

const sure = document.getElementById("sure");

/** Asks whether it is meant, where the button says why; then does `act`. */
function asked(button, act) {
  if (!button.dataset.ask) return act();
  document.getElementById("sure-title").textContent = `${button.textContent.trim()}?`;
  document.getElementById("sure-what").textContent = button.dataset.ask;
  sure.returnValue = "";
  sure.onclose = () => { if (sure.returnValue === "yes") act(); };
  return sure.showModal();
}

document.getElementById("actions").addEventListener("click", ({ target }) => {
  if (target.tagName !== "BUTTON") return;
  const { status, method } = target.dataset;
  asked(target, () => booked(async () => {
    await (method ? book(method, { wbox_id: box_id }) : book("setboxparams", { box_id, status: Number(status) }));
    location.reload();
  }));
});

document.getElementById("relabel")?.addEventListener("submit", (event) => {
  event.preventDefault();
  booked(async () => {
    await book("setboxlabel", { box_id, label: document.getElementById("label").value.trim() });
    location.reload();
  });
});

document.getElementById("print")?.addEventListener("click", () => window.print());

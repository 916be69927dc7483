// Replaces a tool with a photo of the worn one, adds a photo later, and undoes the last replacement.
import { NoAnswer, newKey, once, send } from "../pages/api.js";
import { refresh, tell } from "../pages/pages.js";
import { photoOf } from "./photo.js";

const main = document.getElementById("main");
const run = once();

/** Runs what a button asks for, once at a time, and shows why it was refused. */
async function attempt(button, place, work) {
  button.disabled = true;
  place.hidden = true;
  try {
    await work();
  } catch (error) {
    place.textContent = error instanceof NoAnswer ? "The server doesn't answer; try again." : error.message;
    place.hidden = false;
  } finally {
    button.disabled = false;
  }
}

function asked(form) {
  const given = Object.fromEntries(new FormData(form));
  const body = { reason: Number(given.reason), notes: given.notes, indexed: "indexed" in given };
  if (given.inventory_point_id) body.inventory_point_id = Number(given.inventory_point_id);
  if (form.elements.testing) Object.assign(body, { testing: "testing" in given, testing_notes: given.testing_notes || null });
  return body;
}

async function sendPhoto(replacement, file) {
  const photo = await photoOf(file);
  await send("POST", `/api/tools/replacements/${replacement}/image`, photo, newKey());
}

async function replace(form) {
  const body = asked(form);
  const made = await run(body, (key) => send("POST", `/api/tools/${form.dataset.tool}/replace`, body, key));
  const [photo] = form.elements.photo.files;
  let lost;
  if (photo) await sendPhoto(made.id, photo).catch((error) => { lost = error; });
  await refresh();
  if (lost) tell(`The tool is replaced, but its photo was not kept: ${lost.message} Add it in the table below.`, "no");
  else tell("The tool is replaced.");
}

async function undo(dialog) {
  const id = dialog.querySelector("form").dataset.replacement;
  await run({ undo: id }, (key) => send("DELETE", `/api/tools/replacements/${id}?undo=1`, undefined, key));
  dialog.close();
  await refresh();
  tell("The replacement is undone.");
}

main.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const [button, place] = [form.querySelector("button.main"), form.querySelector("[role=alert]")];
  if (form.id === "replace") attempt(button, place, () => replace(form));
  else attempt(button, place, () => undo(form.closest("dialog")));
});

main.addEventListener("click", (event) => {
  if (event.target.id === "undo") document.getElementById("undoing").showModal();
  if (event.target.value === "close") event.target.closest("dialog").close();
});

main.addEventListener("change", async (event) => {
  const { replacement } = event.target.dataset;
  if (!replacement || !event.target.files?.length) return;
  try {
    await sendPhoto(replacement, event.target.files[0]);
    await refresh();
    tell("The photo is kept.");
  } catch (error) {
    tell(error instanceof NoAnswer ? "The server doesn't answer; try again." : error.message, "no");
  }
});

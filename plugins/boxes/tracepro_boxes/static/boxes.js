// Finds boxes by scan and makes new ones.
import { scanned } from "../pages/scan.js";
import { booking, sentencesOf } from "../pages/telling.js";

scanned(document.getElementById("code"), (code) => location.assign(`/ui/boxes?code=${encodeURIComponent(code)}`));

const form = document.getElementById("make");
const book = booking();
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const value = (id) => document.getElementById(id).value.trim();
  const told = document.getElementById("told");
  told.hidden = true;
  try {
    const box = await book("makebox", { item: value("item"), label: value("label"), box_size: Number(value("size")) });
    location.assign(`/ui/box/${box.id}`);
  } catch (error) {
    told.textContent = sentencesOf(error).join(" ");
    told.hidden = false;
  }
});

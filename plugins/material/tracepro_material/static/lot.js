// Writes a part of a lot off: once, however often the button is pressed while no answer comes.
import { showRefusal, write } from "../pages/forms.js";

const form = document.getElementById("write-off");

if (form) {
  const button = form.querySelector("button");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const params = {
      wfloormat_id: Number(form.dataset.lot),
      amount: Number(form.elements.amount.value),
      reason: form.elements.reason.value.trim(),
    };
    showRefusal(form, null);
    button.disabled = true; // until the page is there anew: what was written off is not written off twice
    try {
      await write("writeoffmat", params);
      location.reload();
    } catch (error) {
      showRefusal(form, error);
      button.disabled = false;
    }
  });
}

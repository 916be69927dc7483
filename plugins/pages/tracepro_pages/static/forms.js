// Forms that change something: each change is sent until it is answered and happens once; a no is shown with all its reasons.
import { booking, sentencesOf } from "./telling.js";

/** Calls a method that writes. Called again with the same params after no answer came, it has the same key. */
export const write = booking();

/** Shows why something was refused in the alert of an element; null hides it. */
export function showRefusal(element, error) {
  const alert = element.querySelector("[role=alert]");
  alert.hidden = error === null;
  alert.replaceChildren(...(error === null ? [] : sentencesOf(error).map(paragraph)));
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

/** Has `send(values)` done when a form is sent, and shows why not; while it is sent its buttons are off. */
export function submitted(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    showRefusal(form, null);
    for (const button of buttons) button.disabled = true;
    try {
      await send(Object.fromEntries(new FormData(form)));
    } catch (error) {
      showRefusal(form, error);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  });
}

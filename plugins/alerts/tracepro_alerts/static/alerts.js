// Opens an alert's form, made from getalertfields, and processes the alert; the list behind it goes on by itself.
import { NoAnswer, call } from "../pages/api.js";
import { refresh, tell } from "../pages/pages.js";
import { booking } from "../pages/telling.js";

const main = document.getElementById("main");

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

function chosen(options) {
  const select = element("select");
  select.append(element("option", "–", { value: "" }));
  options.forEach(([text], index) => select.append(element("option", text, { value: index })));
  return { input: select, value: () => (select.value === "" ? null : options[select.value][1]) };
}

/** What a number was typed as; what is none goes as it is, so that the server says what is wrong with it. */
function typedNumber(text) {
  const number = Number(text.replace(",", "."));
  return text === "" ? null : Number.isFinite(number) ? number : text;
}

function typed(kind) {
  if (kind === "string") {
    const input = element("textarea", "", { rows: 2 });
    return { input, value: () => input.value || null };
  }
  const input = element("input", "", { inputmode: kind === "integer" ? "numeric" : "decimal", autocomplete: "off" });
  return { input, value: () => typedNumber(input.value.trim()) };
}

function control(field) {
  if (field.type === "choice") return chosen(field.choices.map((value) => [typeof value === "string" ? value : JSON.stringify(value), value]));
  if (field.type === "boolean") return chosen([["Yes", true], ["No", false]]);
  return typed(field.type);
}

/** A field with its label and a place for what is wrong with it. */
function shown(field, index) {
  const { input, value } = control(field);
  const fault = element("p", "", { id: `fault-${index}`, class: "fault" });
  input.id = `field-${index}`;
  input.setAttribute("aria-describedby", fault.id);
  const label = element("label", field.required ? `${field.title} (required)` : field.title, { for: input.id });
  const tell = (sentence) => {
    fault.textContent = sentence;
    input.setAttribute("aria-invalid", sentence !== "");
  };
  return { name: field.name, input, value, tell, parts: [label, input, fault] };
}

class AlertForm {
  constructor(id, about, fields) {
    this.id = id;
    this.fields = fields.map(shown);
    this.book = booking();
    this.refusal = element("p", "", { class: "banner no", role: "alert" });
    this.refusal.hidden = true;
    this.dialog = element("dialog", "", { "aria-labelledby": "alert-title" });
    const form = element("form", "", { method: "dialog" });
    form.noValidate = true;
    const buttons = element("div", "", { class: "buttons" });
    this.button = element("button", "Process", { class: "main" });
    const close = element("button", "Close", { type: "button" });
    buttons.append(this.button, close);
    form.append(...this.fields.flatMap((field) => field.parts), this.refusal, buttons);
    this.dialog.append(element("h2", about, { id: "alert-title" }), form);
    close.addEventListener("click", () => this.dialog.close());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.process(); });
    // Enter sends a text too, as a scanner does; Shift+Enter is a new line.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.target.tagName !== "TEXTAREA") return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.dialog.addEventListener("close", () => this.closed());
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.fields[0]?.input.focus();
  }

  closed() {
    this.dialog.remove();
    (document.getElementById(`process-${this.id}`) ?? main.querySelector("[data-alert]") ?? main).focus();
  }

  async process() {
    const filled = Object.fromEntries(this.fields.map((field) => [field.name, field.value()]));
    this.button.disabled = true;
    try {
      await this.book("processalert", { alert_id: this.id, appstruct: filled });
    } catch (error) {
      return this.refused(error);
    } finally {
      this.button.disabled = false;
    }
    tell(`Alert ${this.id} is processed.`);
    await refresh();
    this.dialog.close();
  }

  refused(error) {
    const faults = error.data?.fields ?? {};
    for (const field of this.fields) field.tell(faults[field.name] ?? "");
    const wrong = this.fields.find((field) => field.name in faults);
    this.refusal.textContent = error instanceof NoAnswer ? "The server doesn't answer; try again." : error.message;
    this.refusal.hidden = wrong !== undefined;
    (wrong?.input ?? this.button).focus();
  }
}

let opening = false;

main.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-alert]");
  if (!button || opening) return;
  opening = true; // pressed twice it opens once
  const id = Number(button.dataset.alert);
  const about = document.getElementById(`about-${id}`).textContent;
  tell("");
  try {
    new AlertForm(id, about, await call("getalertfields", { alert_id: id })).open();
  } catch (error) {
    const form = new AlertForm(id, about, []);
    form.refused(error);
    form.button.remove();
    form.open();
  } finally {
    opening = false;
  }
});

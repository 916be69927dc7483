// A field that scanners type into: it is in focus whenever nothing else is, and gives each code on Enter.

const ELSEWHERE = "input, textarea, select, [contenteditable]";

/** Calls `take(code)` for each code that is scanned or typed into `field`. */
export function scanned(field, take) {
  const form = field.form;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = field.value;
    field.value = "";
    if (code.trim()) take(code);
  });
  // A key that nobody else takes belongs to the scanner; keys that move the focus do what they do everywhere.
  document.addEventListener("keydown", (event) => {
    const moves = event.ctrlKey || event.altKey || event.metaKey || event.key.length > 1;
    if (!moves && !(event.target instanceof Element && event.target.matches(ELSEWHERE))) field.focus();
  });
  window.addEventListener("focus", () => { if (document.activeElement === document.body) field.focus(); });
  field.focus();
}

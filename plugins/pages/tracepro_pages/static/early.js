// Until the modules of a page have come, the browser doesn't send by itself the forms that they send: a password would stand
// in the address, and what was scanned would be lost.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("action") && form.getAttribute("method") !== "dialog") event.preventDefault();
}, true);

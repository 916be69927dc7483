// Books by scan: sends a write so that trying it again never books it twice, and tells what became of it, loud enough for a shop floor.
import { call, NoAnswer, once } from "./api.js";
import { no, yes } from "./sound.js";

/** Returns `book(method, params)`; what got no answer and is tried again, the same, is sent with the same key. */
export function booking() {
  const run = once();
  return (method, params) => run([method, params], (key) => call(method, params, key));
}

/** Returns the sentences of an error of the API: all reasons, or what else it says. */
export function sentencesOf(error) {
  if (error instanceof NoAnswer) return ["The server doesn't answer. Do the same again: it is booked once."];
  return error.reasons?.length ? error.reasons.map((reason) => reason.info) : [error.message];
}

/** Returns what tells in a banner: `ask` what comes next, `done` a yes, `refused` an error with all its reasons. */
export function telling(banner) {
  const show = (kind, ...sentences) => {
    banner.className = `banner ${kind}`;
    banner.replaceChildren(...sentences.map((sentence) => {
      const line = document.createElement("span");
      line.className = "sentence";
      line.textContent = sentence;
      return line;
    }));
  };
  const refuse = (...sentences) => { no(); show("no", ...sentences.map((sentence) => `✘ ${sentence}`)); };
  return {
    ask: (sentence) => show("info", sentence),
    done: (sentence) => { yes(); show("ok", `✔ ${sentence}`); },
    refuse,
    refused: (error) => refuse(...sentencesOf(error)),
  };
}

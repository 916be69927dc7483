// The server's time, which terminals send with what they book: their own clocks may be wrong.

const KEPT = "tracepro.clock";
const SECOND = 1000;

let offset = Number(localStorage.getItem(KEPT)) || 0;

/** Tells the clock what an answer says: its header Date, which is whole seconds, and when the call was sent and answered here. */
export function heard(date, sent, received) {
  const server = Date.parse(date ?? "");
  if (Number.isNaN(server)) return;
  const known = Math.max(server - received, Math.min(offset, server + SECOND - sent));
  if (known === offset) return;
  offset = known;
  localStorage.setItem(KEPT, String(offset));
}

/** The server's time in milliseconds, as far as it is known here. */
export const now = () => Date.now() + offset;

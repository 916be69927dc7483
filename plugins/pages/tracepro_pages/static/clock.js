// The server's time, which terminals send with what they book: their own clocks may be wrong.

const OFFSET = "tracepro.clock";
const LATEST = "tracepro.clock.latest";
const SECOND = 1000;

let offset = Number(localStorage.getItem(OFFSET)) || 0;
let latest = Number(localStorage.getItem(LATEST)) || 0;

/** Tells the clock what an answer says: its header Date, which is whole seconds, and when the call was sent and answered here. */
export function heard(date, sent, received) {
  const server = Date.parse(date ?? "");
  if (Number.isNaN(server)) return;
  if (server !== latest) keep(LATEST, (latest = server));
  const known = Math.max(server - received, Math.min(offset, server + SECOND - sent));
  if (known !== offset) keep(OFFSET, (offset = known));
}

function keep(name, milliseconds) {
  localStorage.setItem(name, String(milliseconds));
}

/** The server's time in milliseconds, as far as it is known here; never before what it said last, though this clock was put back. */
export const now = () => Math.max(Date.now() + offset, latest);

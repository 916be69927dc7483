// Bookings that wait in the browser until the server has them: sent one at a time, in order, each under a key of its own.

export const FIRST_PAUSE = 1000; // milliseconds
export const LONGEST_PAUSE = 30_000;
const JUDGED = [200, 400, 413]; // others come from a server that can't answer now, or doesn't know who asks

/** Tells whether an error is the server's last word on a booking. All else (no network, busy, no log-in) is tried again. */
export function isRefusal(error) {
  return JUDGED.includes(error.status) && !error.retryable;
}

/** Tells what becomes of a booking: "refused", "old", "foreign" (somebody else must send it), "held" or "waiting".
 * Only its own unit's bookings hold one back. */
export function stateOf(booking, before, { now, keep, by }) {
  if (booking.refusal) return "refused";
  if (now - booking.made > keep) return "old";
  if (before.some((other) => other.code === booking.code)) return "held";
  return booking.by === by ? "waiting" : "foreign";
}

/** Returns bookings with what becomes of each; those of a unit wait behind its first one that can't be sent. */
export function judged(bookings, site) {
  const stuck = [];
  return bookings.map((booking) => {
    const state = stateOf(booking, stuck, site);
    if (state !== "waiting") stuck.push(booking);
    return { ...booking, state };
  });
}

/**
 * The queue. `store` keeps bookings by `seq` (all, add, update, remove); `send(booking, keep)` books one at the server, and may
 * `keep(changes)` what it found out before; `alone(work)` runs work while no other page of this browser does;
 * `site()` is {now, keep, by}; `tell(what, booking, error)` hears "kept", "booked", "refused", "away" and "changed".
 */
export class Queue {
  #timer;
  #pause = FIRST_PAUSE;

  constructor({ store, send, alone, site, tell }) {
    Object.assign(this, { store, send, alone, site, tell });
  }

  /** Returns what waits, in order, each with its state. */
  async bookings() {
    return judged(await this.store.all(), this.site());
  }

  /** Keeps a booking and begins to send; it is kept for good once this has returned. */
  async add(booking) {
    const { now, by } = this.site();
    const kept = await this.store.add({ ...booking, by, made: now });
    this.tell("kept", kept);
    this.drain();
    return kept;
  }

  /** Sends a refused booking again: what was missing may have been done. */
  async again(seq) {
    await this.store.update(seq, { refusal: null });
    this.tell("changed");
    return this.drain();
  }

  /** Gives a booking up. */
  async discard(seq) {
    await this.store.remove(seq);
    this.tell("changed");
    return this.drain();
  }

  /** Sends what waits; when the server can't be asked, again after a pause that grows. */
  async drain() {
    clearTimeout(this.#timer);
    const error = await this.alone(() => this.#sendAll());
    clearTimeout(this.#timer);
    if (!error) return void (this.#pause = FIRST_PAUSE);
    this.tell("away", null, error);
    this.#timer = setTimeout(() => this.drain(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  /** Sends one after the other; returns what ended it, nothing when all that can be is sent. */
  async #sendAll() {
    for (;;) {
      const next = (await this.bookings()).find(({ state }) => state === "waiting");
      if (!next) return null;
      try {
        await this.send(next, (changes) => this.store.update(next.seq, changes));
        await this.store.remove(next.seq);
        this.tell("booked", next);
      } catch (error) {
        if (!isRefusal(error)) return error;
        const refusal = { message: error.message, reasons: error.reasons.map(({ info }) => info) };
        await this.store.update(next.seq, { refusal });
        this.tell("refused", { ...next, refusal });
      }
    }
  }
}

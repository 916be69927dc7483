// Where bookings wait: a database of the browser, on its disk before a booking counts as kept; all pages of this server share it.

const NAME = "tracepro";
const BOOKINGS = "bookings";

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(BOOKINGS, { keyPath: "seq", autoIncrement: true });
  return answered(request);
}

/** The bookings by `seq`, in the order in which they were made. */
export class BookingStore {
  #database;

  /** Opens the database; raises where the browser has none. */
  async open() {
    this.#database = await opened();
    navigator.storage?.persist?.(); // so that the browser doesn't clear it to make room; some ask somebody, who isn't waited for
    return this;
  }

  /** Runs `work(bookings)` in a transaction; returns what it answers once that is on the disk. */
  async #done(mode, work) {
    const transaction = this.#database.transaction(BOOKINGS, mode, { durability: "strict" });
    const committed = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const answer = await work(transaction.objectStore(BOOKINGS));
    await committed;
    return answer;
  }

  all() {
    return this.#done("readonly", (bookings) => answered(bookings.getAll()));
  }

  add(booking) {
    return this.#done("readwrite", async (bookings) => ({ ...booking, seq: await answered(bookings.add(booking)) }));
  }

  /** Changes a booking that is still there. */
  update(seq, changes) {
    return this.#done("readwrite", async (bookings) => {
      const booking = await answered(bookings.get(seq));
      if (booking) await answered(bookings.put({ ...booking, ...changes }));
    });
  }

  remove(seq) {
    return this.#done("readwrite", (bookings) => answered(bookings.delete(seq)));
  }
}

/** Runs work while no other page of this browser does; without locks (pages without TLS) only this page's turns, and the keys do the rest. */
export function alone(work) {
  if (navigator.locks) return navigator.locks.request(NAME, work);
  turn = turn.then(work, work);
  return turn;
}

let turn = Promise.resolve();

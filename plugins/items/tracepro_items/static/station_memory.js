// What a station has in hand: codes that were scanned and not booked, and the order that was scanned; a reload forgets neither.

const part = (selector) => document.querySelector(selector);

export class Memory {
  #key;
  #codes;

  /** `order` is the order that was scanned here, for a station whose line has none; null is none. */
  constructor(wp_id) {
    this.#key = `tracepro.station.${wp_id}`;
    const { codes = [], order = null } = JSON.parse(sessionStorage.getItem(this.#key) ?? "{}");
    this.#codes = new Set(codes);
    this.order = order;
    part("#own-order button").addEventListener("click", () => this.workOn(null));
    this.#showOrder();
  }

  /** Notes a code that was scanned and could be booked. */
  add(code) {
    this.#codes.add(code);
    this.#keep();
  }

  /** Forgets a code that was booked, refused or put away. */
  delete(code) {
    if (this.#codes.delete(code)) this.#keep();
  }

  /** Has the station work on an order; on none with null. */
  workOn(order) {
    this.order = order && { id: order.id, erp_ref: order.erp_ref, item: order.item };
    this.#keep();
    this.#showOrder();
  }

  /** Shows the codes but the one that the verdict is about. */
  show(current) {
    const left = [...this.#codes].filter((code) => code !== current);
    part("#left").hidden = !left.length;
    part("#left .codes").textContent = left.join(", ");
  }

  #showOrder() {
    part("#own-order").hidden = !this.order;
    if (this.order) part("#own-order .what").textContent = `${this.order.erp_ref}, ${this.order.item}`;
  }

  #keep() {
    sessionStorage.setItem(this.#key, JSON.stringify({ codes: [...this.#codes], order: this.order }));
  }
}

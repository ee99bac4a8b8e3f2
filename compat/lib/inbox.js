// What somebody received, in order, for the test to wait on.
import assert from 'node:assert/strict';
import { within } from './waiting.js';

export class Inbox {
  #waiting = [];
  items = [];

  put(item) {
    this.items.push(item);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.items.length < count) return true;
      resolve();
      return false;
    });
  }

  /** Waits until `count` are here and takes them all; more than `count` is a failure. */
  async take(count = 1) {
    await this.reach(count);
    const taken = this.items;
    this.items = [];
    assert.equal(taken.length, count, `more than expected: ${JSON.stringify(taken).slice(0, 500)}`);
    return taken;
  }

  /** Waits until there are at least `count`, and leaves them. */
  async reach(count) {
    if (this.items.length >= count) return;
    const arrival = new Promise((resolve) => this.#waiting.push({ count, resolve }));
    await within(arrival, () => `${count} to arrive; there are ${this.items.length}: ${JSON.stringify(this.items).slice(-500)}`);
  }
}

/*
 * A host whose clock is wrong: `node --require …/shift-clock-preload.cjs` with CLOCK_SHIFT_MS shifts what this process takes for now, and nothing
 * else. Moments that are given (`new Date(text)`), `performance.now()` and timers stay as they are. Postgres and Temporal have clocks of
 * their own. `shiftedClock(ms)` in shifted-clock.ts is the environment that does it. With CLOCK_SHIFT_FILE the clock jumps: the file says by
 * how much it is off, and is looked at again and again.
 */
'use strict';

const { readFileSync } = require('node:fs');

const LOOK_EVERY_MS = 100;
let shiftMs = Number(process.env.CLOCK_SHIFT_MS ?? '0');
if (!Number.isSafeInteger(shiftMs)) throw new Error(`CLOCK_SHIFT_MS is no whole number: ${process.env.CLOCK_SHIFT_MS}`);

const file = process.env.CLOCK_SHIFT_FILE;
const look = () => {
  try {
    shiftMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    shiftMs = 0; // Nobody has shifted it yet.
  }
};
if (file !== undefined) {
  look();
  setInterval(look, LOOK_EVERY_MS).unref();
}

const HostDate = Date;
const hostNow = HostDate.now.bind(HostDate);

class ShiftedDate extends HostDate {
  constructor(...given) {
    if (given.length === 0) super(hostNow() + shiftMs);
    else super(...given);
  }

  static now() {
    return hostNow() + shiftMs;
  }
}
Object.defineProperty(ShiftedDate, 'name', { value: 'Date' });

if (shiftMs !== 0 || file !== undefined) {
  // Called without `new`, it is the text of now.
  globalThis.Date = new Proxy(ShiftedDate, { apply: () => new ShiftedDate().toString() });
}

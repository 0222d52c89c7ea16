/*
 * A host whose clock is wrong: `node --require …/shift-clock-preload.cjs` with CLOCK_SHIFT_MS shifts the current time of this process, and
 * nothing else. Given times (`new Date(text)`), `performance.now()` and timers are not shifted, and Postgres and Temporal have their own
 * clocks. `shiftedClock(ms)` in shifted-clock.ts is the environment that does it. With CLOCK_SHIFT_FILE the clock jumps: the file, which is
 * read repeatedly, says by how much it is off.
 */
'use strict';

const { readFileSync } = require('node:fs');

const READ_EVERY_MS = 100;
let shiftMs = Number(process.env.CLOCK_SHIFT_MS ?? '0');
if (!Number.isSafeInteger(shiftMs))
  throw new Error(`CLOCK_SHIFT_MS is not a whole number: ${process.env.CLOCK_SHIFT_MS}`);

const file = process.env.CLOCK_SHIFT_FILE;
const readShift = () => {
  try {
    shiftMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    shiftMs = 0; // Not shifted yet.
  }
};
if (file !== undefined) {
  readShift();
  setInterval(readShift, READ_EVERY_MS).unref();
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
  // Called without `new`, it returns the current time as text.
  globalThis.Date = new Proxy(ShiftedDate, { apply: () => new ShiftedDate().toString() });
}

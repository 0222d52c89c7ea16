/*
 * A host whose clock is wrong: `node --require …/shift-clock-preload.cjs` with CLOCK_SHIFT_MS shifts what this process takes for now, and nothing
 * else. Moments that are given (`new Date(text)`), `performance.now()` and timers stay as they are. Postgres and Temporal have clocks of
 * their own. `shiftedClock(ms)` in shifted-clock.ts is the environment that does it.
 */
'use strict';

const shiftMs = Number(process.env.CLOCK_SHIFT_MS ?? '0');
if (!Number.isSafeInteger(shiftMs)) throw new Error(`CLOCK_SHIFT_MS is no whole number: ${process.env.CLOCK_SHIFT_MS}`);

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

if (shiftMs !== 0) {
  // Called without `new`, it is the text of now.
  globalThis.Date = new Proxy(ShiftedDate, { apply: () => new ShiftedDate().toString() });
}

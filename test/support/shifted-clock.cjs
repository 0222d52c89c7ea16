// Preloaded (`NODE_OPTIONS=--require …`), it has a process live at another time: so many milliseconds from now as CLOCK_SHIFT_FILE says, looked
// at again and again. As on a host whose clock is wrong and jumps; the threads that run workflows have it too.
const { readFileSync } = require('node:fs');

const LOOK_EVERY_MS = 100;
const now = Date.now.bind(Date);
let shiftMs = 0;

const look = () => {
  try {
    shiftMs = Number(readFileSync(process.env.CLOCK_SHIFT_FILE, 'utf8')) || 0;
  } catch {
    shiftMs = 0; // not there: the right time
  }
};
look();
setInterval(look, LOOK_EVERY_MS).unref();

globalThis.Date = new Proxy(Date, {
  construct: (target, given, asked) => Reflect.construct(target, given.length === 0 ? [now() + shiftMs] : given, asked),
  apply: (target) => new target(now() + shiftMs).toString(),
  get: (target, name) => (name === 'now' ? () => now() + shiftMs : Reflect.get(target, name)),
});

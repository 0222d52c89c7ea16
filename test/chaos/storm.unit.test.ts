import { expect, test } from '@jest/globals';
import { eventually } from '../support/eventually';
import type { Injector } from './injector';
import { Storm } from './storm';

class InjectorByHand implements Injector {
  readonly struck: Record<string, number>;
  isRunning = false;
  isBroken = false;

  constructor(private readonly kind: string) {
    this.struck = { [kind]: 0 };
  }

  strike(): void {
    this.struck[this.kind] = (this.struck[this.kind] ?? 0) + 1;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.isRunning = true;
    await eventually(() => {
      if (this.isBroken) throw new Error('It cannot be injected');
      return signal.aborted || undefined;
    });
    this.isRunning = false;
  }
}

/** Ten orders: `first` strikes in the first five, `second` in the others, `always` all the time. */
function setup() {
  const [always, first, second] = ['always', 'first', 'second'].map((kind) => new InjectorByHand(kind));
  if (!always || !first || !second) throw new Error('Three are three');
  const phases = [
    { name: 'one', until: 5, injectors: [first] },
    { name: 'two', until: 10, injectors: [second] },
  ];
  const storm = new Storm({ always: [always], phases, least: { always: 2, first: 4, second: 1 } });
  const interrupt = new AbortController();
  const load = { through: 0 };
  const raging = storm.rage(() => load.through, interrupt.signal);
  return { always, first, second, storm, load, raging, interrupt };
}

const strike = (injector: InjectorByHand, times: number) => Array.from({ length: times }, () => injector.strike());

test('a phase lasts until its orders are through and its faults have struck', async () => {
  const { always, first, second, storm, load, raging } = setup();
  load.through = 5;
  expect([storm.phase, always.isRunning, first.isRunning, second.isRunning]).toEqual(['one', true, true, false]);

  strike(first, 4);
  strike(always, 1);
  await eventually(() => (storm.phase === 'two' ? true : undefined));
  expect([always.isRunning, first.isRunning, second.isRunning]).toEqual([true, false, true]);

  load.through = 10;
  strike(second, 1);
  strike(always, 1);
  await raging;
  expect([always.isRunning, second.isRunning]).toEqual([false, false]);
  expect(storm.struck).toEqual({ always: 2, first: 4, second: 1 });
  expect(storm.lacking).toEqual([]);
});

test('the load waits while more than one strike is missing', async () => {
  const { first, storm, raging, interrupt } = setup();

  expect(storm.mayGoOn(2)).toBe(true);
  expect(storm.mayGoOn(3)).toBe(false);
  strike(first, 1);
  expect(storm.mayGoOn(3)).toBe(true);

  interrupt.abort();
  await raging;
});

test('an interrupt ends all faults, and the kinds that did not strike are reported', async () => {
  const { always, first, storm, raging, interrupt } = setup();

  interrupt.abort();
  await raging;

  expect([always.isRunning, first.isRunning]).toEqual([false, false]);
  expect(storm.lacking).toHaveLength(3);
});

test('an injector that fails ends the storm', async () => {
  const { first, raging, interrupt } = setup();

  first.isBroken = true;

  await expect(raging).rejects.toThrow('It cannot be injected');
  interrupt.abort();
});

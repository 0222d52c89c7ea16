import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { keepRunning } from '../../src/runtime/keep-running';
import type { Run } from '../../src/runtime/keep-running';
import { eventually } from '../support/eventually';

const options = { restMs: 1, logger: pino({ level: 'silent' }) };

class Machine implements Run {
  stops = 0;
  fail = (_why: Error): void => undefined;
  readonly ended = new Promise<void>((_, reject) => (this.fail = reject));
  async stop(): Promise<void> {
    this.stops += 1;
  }
}

/** What was started so far; the first `broken` starts fail. */
function setup({ broken = 0 } = {}) {
  const machines: Machine[] = [];
  let starts = 0;
  const kept = keepRunning(
    'machine',
    async () => {
      starts += 1;
      if (starts <= broken) throw new Error('nobody there');
      const machine = new Machine();
      machines.push(machine);
      return machine;
    },
    options,
  );
  return { kept, machines, running: () => eventually(() => kept.current()) };
}

test('stops and restarts what fails while it runs', async () => {
  const { kept, machines, running } = setup();
  await running();

  machines[0]?.fail(new Error('lost its server'));
  await eventually(() => machines[1]);

  expect(machines[0]?.stops).toBe(1);
  expect(await running()).toBe(machines[1]);
  await kept.stop();
});

test('retries a start that fails, and says when the first try is over', async () => {
  const { kept, machines, running } = setup({ broken: 1 });

  await kept.tried;
  expect(kept.current()).toBeUndefined();

  expect(await running()).toBe(machines[0]);
  await kept.stop();
});

test('has something running once the first try has worked', async () => {
  const { kept, machines } = setup();

  await kept.tried;

  expect(kept.current()).toBe(machines[0]);
  await kept.stop();
});

test('stops it once, and does not restart it', async () => {
  const { kept, machines, running } = setup();
  await running();

  await kept.stop();

  expect(machines.map(({ stops }) => stops)).toEqual([1]);
  expect(kept.current()).toBeUndefined();
});

test('a start that hangs does not block stopping, and what it starts later is stopped', async () => {
  const machine = new Machine();
  let arrive = (_machine: Machine): void => undefined;
  const kept = keepRunning('machine', () => new Promise<Machine>((resolve) => (arrive = resolve)), options);

  await kept.stop();
  arrive(machine);

  await eventually(() => (machine.stops === 1 ? true : undefined));
});

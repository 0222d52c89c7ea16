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

/** What was made so far; the first `broken` starts fail. */
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

test('what fails while it runs gives back what it holds and is started again', async () => {
  const { kept, machines, running } = setup();
  await running();

  machines[0]?.fail(new Error('lost its server'));
  await eventually(() => machines[1]);

  expect(machines[0]?.stops).toBe(1);
  expect(await running()).toBe(machines[1]);
  await kept.stop();
});

test('what cannot be started is tried again, and that the first try is over is known', async () => {
  const { kept, machines, running } = setup({ broken: 1 });

  await kept.tried;
  expect(kept.current()).toBeUndefined();

  expect(await running()).toBe(machines[0]);
  await kept.stop();
});

test('when the first try has worked, what runs is there', async () => {
  const { kept, machines } = setup();

  await kept.tried;

  expect(kept.current()).toBe(machines[0]);
  await kept.stop();
});

test('stopped, it is stopped once and not started again', async () => {
  const { kept, machines, running } = setup();
  await running();

  await kept.stop();

  expect(machines.map(({ stops }) => stops)).toEqual([1]);
  expect(kept.current()).toBeUndefined();
});

test('a start that hangs keeps nobody from stopping, and what it starts after all is stopped', async () => {
  const machine = new Machine();
  let arrive = (_machine: Machine): void => undefined;
  const kept = keepRunning('machine', () => new Promise<Machine>((resolve) => (arrive = resolve)), options);

  await kept.stop();
  arrive(machine);

  await eventually(() => (machine.stops === 1 ? true : undefined));
});

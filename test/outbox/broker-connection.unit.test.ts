import { expect, test } from '@jest/globals';
import { BrokerConnection } from '../../src/outbox/sinks/broker-connection';
import { TookTooLong } from '../../src/runtime/time-limit';

const never = () => new Promise<never>(() => undefined);

/** Clients are numbered as they are opened. */
function setup({ open = async (client: number) => client } = {}) {
  const shut: number[] = [];
  let opened = 0;
  const connection = new BrokerConnection(
    () => open((opened += 1)),
    (client) => void shut.push(client),
    20,
  );
  return { connection, shut };
}

test('gives up on a client that never answers, and uses a new one for the next call', async () => {
  const { connection, shut } = setup();

  await expect(connection.use(never)).rejects.toThrow(TookTooLong);

  expect(await connection.use(async (client) => client)).toBe(2);
  expect(shut).toEqual([1]);
});

test('fails the call of a connection that never opens, and closes the connection should it open later', async () => {
  let openLate: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (openLate = resolve));
  const { connection, shut } = setup({
    open: (client) => (client === 1 ? late.then(() => client) : Promise.resolve(client)),
  });

  await expect(connection.use(async (client) => client)).rejects.toThrow(TookTooLong);
  expect(await connection.use(async (client) => client)).toBe(2);
  openLate();
  await connection.close();

  expect(shut.sort()).toEqual([1, 2]);
});

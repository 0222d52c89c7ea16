import { expect, test } from '@jest/globals';
import type { KeyMemory } from '../../../src/ports/key-memory';
import { stripeWorld } from './stripe-world';

/** A payment is created, its id stored, the payment confirmed, the answer used; a void closes the key, then cancels. In between, processes die. */
const died = (): never => {
  throw new Error('The process died here');
};

const heldOnce = { holds: 1, held: 1_000, captured: 0, freed: 0, refunded: 0 };
const nothing = { held: 0, captured: 0 };

type World = Awaited<ReturnType<typeof stripeWorld>>;

/** Each leaves the key as a process does that dies there. */
const DEATHS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'before the id was stored': async ({ open, keys, visa }) => open({ ...keys, settle: died }).authorize(visa),
  'before the confirmation': async ({ open, keys, visa }) =>
    open({ ...keys, settle: (...id) => keys.settle(...id).then(died) }).authorize(visa),
  'before the answer to the confirmation': async ({ fake, payments, visa }) => {
    fake.fail({ on: 'confirm', kind: 'lose-answer' });
    await payments.authorize(visa);
  },
};

test.each(Object.entries(DEATHS))('whoever dies %s is followed by an attempt that holds once', async (_, die) => {
  const world = await stripeWorld();
  await die(world).catch(() => undefined);

  const found = (await world.payments.find?.(world.paid)) ?? died();
  const answer = found.outcome === 'unseen' ? await world.payments.authorize(world.visa) : found;

  expect(answer).toEqual({ outcome: 'authorized', reference: world.fake.intents()[0]?.id });
  expect(await world.payments.authorize(world.visa)).toEqual(answer);
  expect(world.money()).toEqual(heldOnce);
});

test.each(Object.entries(DEATHS))('after whoever dies %s, a void leaves nothing held, for ever', async (_, die) => {
  const world = await stripeWorld();
  await die(world).catch(() => undefined);

  await world.payments.void({ key: world.key });

  expect(world.money()).toMatchObject(nothing);
  expect(await world.payments.find?.(world.paid)).toEqual({ outcome: 'blocked' });
  expect(await world.payments.authorize(world.visa)).toEqual({ outcome: 'blocked' });
  expect(world.money()).toMatchObject(nothing);
});

/** An attempt that is paused at a place of its memory, while a void comes and goes. */
const paused: Readonly<Record<string, (world: World) => Partial<KeyMemory>>> = {
  'before it stores the id': ({ keys, payments, key }) => ({
    settle: async (...id) => {
      await payments.void({ key });
      return keys.settle(...id);
    },
  }),
  'before it confirms': ({ keys, payments, key }) => ({
    settle: async (...id) => {
      const stored = await keys.settle(...id);
      await payments.void({ key });
      return stored;
    },
  }),
};

test.each(Object.entries(paused))('an attempt that is overtaken by a void %s holds nothing', async (_, pausedAt) => {
  const world = await stripeWorld();
  const { open, keys, visa } = world;

  const late = await open({ ...keys, ...pausedAt(world) }).authorize(visa);

  expect(late).toEqual({ outcome: 'blocked' });
  expect(world.money()).toMatchObject(nothing);
});

test('a void that is overtaken by an attempt leaves nothing held', async () => {
  const { open, keys, payments, visa, key, money } = await stripeWorld();
  const known = async (of: string) => {
    const before = await keys.known(of);
    await payments.authorize(visa);
    return before;
  };

  await open({ ...keys, known }).void({ key });

  expect(money()).toMatchObject(nothing);
});

test('a void that dies before it cancels is repeated, and until then nobody authorizes or captures', async () => {
  const { open, keys, payments, visa, paid, key, money } = await stripeWorld();
  await payments.authorize(visa);
  await expect(open({ ...keys, close: (of) => keys.close(of).then(died) }).void({ key })).rejects.toThrow('died');

  const meanwhile = [await payments.authorize(visa), await payments.find?.(paid), await payments.capture(paid)];
  await payments.void({ key });

  expect(meanwhile).toEqual([
    { outcome: 'blocked' },
    { outcome: 'blocked' },
    { outcome: 'rejected', reason: 'voided' },
  ]);
  expect(money()).toMatchObject({ ...nothing, freed: 1_000 });
});

test('a payment that cannot be cancelled yet is cancelled by a later void', async () => {
  const { payments, fake, visa, key, money } = await stripeWorld();
  await payments.authorize({ ...visa, token: 'pm_fake_processing' });

  await expect(payments.void({ key })).rejects.toMatchObject({ fault: 'unusable-answer' });
  fake.decide(fake.intents()[0]?.id ?? '', 'approve');
  await payments.void({ key });

  expect(money()).toMatchObject({ ...nothing, holds: 1, freed: 1_000 });
});

test('what the customer approves after the void is not held', async () => {
  const { payments, fake, visa, key, money } = await stripeWorld();
  await payments.authorize({ ...visa, token: 'pm_card_authenticationRequired' });
  await payments.void({ key });

  fake.answerBank(fake.intents()[0]?.id ?? '', 'approve');

  expect(money()).toMatchObject({ ...nothing, holds: 0 });
});

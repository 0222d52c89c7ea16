import { expect, test } from '@jest/globals';
import { missingForKafka } from '../support/kafka-jars';
import { prove } from './prove';

/** `npm run prove:outbox` asks for thousands of orders and ten times each. */
const SMALL = { orders: 60, kills: 2, seed: 20261124 };

test('two relays killed and stopped under load: every sink has every event, in order, and nothing else', async () => {
  const kafka = missingForKafka() === undefined;

  const proof = await prove({ ...SMALL, kafka }, { say: () => undefined }, new AbortController().signal);

  expect(proof.failures).toEqual([]);
  expect(proof.promises['P5']?.examples).toEqual([]);
  expect(proof.promises['P7']?.examples).toEqual([]);
  expect(proof.promises['P7']?.checked).toBeGreaterThan(4 * SMALL.orders);
}, 600_000);

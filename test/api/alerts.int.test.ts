import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { packageRoot } from '../../src/local/stack/package-root';
import { noteHostClock } from '../../src/postgres/host-clocks';
import { ensureCursors } from '../../src/outbox/log/leases';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { parsePrometheus } from '../support/prometheus-text';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());

const file = readFileSync(`${packageRoot()}/deploy/prometheus-alerts.yml`, 'utf8');
const { groups } = parse(file) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

test('has rules for old events and for dead ones', () => {
  expect(rules.map(({ alert }) => alert)).toEqual(expect.arrayContaining(['OutboxLag', 'OutboxDeadLetters']));
});

test.each(rules)('$alert uses only metrics that exist', async ({ expr }) => {
  await ensureCursors(world.db, [{ name: 'redis' }]);
  for (const kind of ['worker', 'relay']) {
    await noteHostClock(world.db, { process: randomUUID(), kind, aheadSeconds: 0 });
  }
  const metrics = parsePrometheus((await world.app.inject('/metrics')).body);

  const selectors = [...expr.matchAll(/(durable_checkout_\w+)(?:\{(\w+)="(\w+)"\})?/g)];
  expect(selectors.length).toBeGreaterThan(0);
  for (const [, name = '', label = '', value] of selectors) {
    const samples = metrics.get(name)?.samples.filter(({ labels }) => label === '' || labels[label] === value);
    expect([name, samples?.length]).not.toEqual([name, 0]);
    expect([name, samples]).not.toEqual([name, undefined]);
  }
  for (const [, label = ''] of expr.matchAll(/by \((\w+)\)/g)) {
    expect(metrics.get(selectors[0]?.[1] ?? '')?.samples[0]?.labels).toHaveProperty(label);
  }
});

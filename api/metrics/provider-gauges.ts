import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Role } from '../../src/ports/providers';
import type { ProviderFigures } from '../../src/providers/calls/provider-figures';

const PREFIX = 'durable_checkout_provider_';

/** All of them always have a figure: a series that appears only in danger cannot be told from one that does not exist. */
const NONE: Readonly<Record<Role, 0>> = {
  ...{ payments: 0, inventory: 0, warehouse: 0, mail: 0, loyalty: 0, carrier: 0, pricing: 0 },
};

/** What the processes that call providers have written to Postgres. */
export function providerGauges(registry: Registry): (figures: ProviderFigures | undefined) => void {
  const kind = { labelNames: ['role', 'adapter', 'outcome'], registers: [registry] };
  const calls = new Counter({
    ...{ ...kind, name: `${PREFIX}calls_total` },
    help: 'Calls to providers, by what they answered or what was wrong',
  });
  const seconds = new Counter({ ...kind, name: `${PREFIX}call_seconds_total`, help: 'How long these calls took' });
  const away = new Gauge({
    ...{ name: `${PREFIX}breakers_open`, labelNames: ['role'], registers: [registry] },
    help: 'Providers that are left alone because they are away, counted for each tenant',
  });
  const processes = new Gauge({
    ...{ name: `${PREFIX}processes`, labelNames: ['process', 'role', 'adapter'], registers: [registry] },
    help: 'Running processes of that kind whose new orders the adapter serves; `sandbox` is not the real world',
  });

  return (figures) => {
    for (const metric of [calls, seconds, away, processes]) metric.reset();
    if (!figures) return;
    for (const { role, adapter, outcome, ...total } of figures.calls) {
      calls.inc({ role, adapter, outcome }, total.calls);
      seconds.inc({ role, adapter, outcome }, total.seconds);
    }
    for (const { kind: process, role, adapter, ...used } of figures.uses)
      processes.set({ process, role, adapter }, used.processes);
    for (const role of Object.keys(NONE)) away.set({ role }, 0);
    for (const { role, state } of figures.breakers) if (state !== 'closed') away.inc({ role });
  };
}

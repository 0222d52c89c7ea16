import { setTimeout as rest } from 'node:timers/promises';
import type { FaultRule } from '../../../src/local/sandbox/faults';
import type { Fault } from '../injector';

const PROVIDERS = ['payments', 'warehouse', 'mail', 'carrier'] as const;
const KINDS = ['fail-before', 'lose-answer'] as const;
const SEEDS = 1_000_000;
const LOOK_EVERY_MS = 1_000;

export const providerFaults = PROVIDERS.flatMap((provider) => KINDS.map((kind) => ({ provider, kind })));
export const kindOf = ({ provider, kind }: Pick<FaultRule, 'provider' | 'kind'>): string => `${provider}-${kind}`;
export const isOfProvider = (kind: string): boolean => providerFaults.some((rule) => kindOf(rule) === kind);

/** At every provider, half of the faults fail before acting, and half act and lose the answer. */
export const failProviders =
  (faultRate: number): Fault =>
  ({ sandbox }, random) => {
    const struck: Record<string, number> = Object.fromEntries(providerFaults.map((rule) => [kindOf(rule), 0]));
    const look = async () => {
      const response = await fetch(`${sandbox}/faults`);
      const { rules } = (await response.json()) as { rules: (FaultRule & { fired: number })[] };
      for (const rule of rules) struck[kindOf(rule)] = rule.fired;
    };
    return {
      struck,
      run: async (signal) => {
        const rules = providerFaults.map((rule) => ({ ...rule, rate: faultRate / KINDS.length }));
        const response = await fetch(`${sandbox}/faults`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ rules, seed: Math.floor(random.next() * SEEDS) }),
        });
        if (!response.ok) throw new Error(`PUT /faults answered ${response.status}: ${await response.text()}`);
        while (await rest(LOOK_EVERY_MS, true, { signal }).catch(() => false)) await look();
        await look();
        await fetch(`${sandbox}/faults`, { method: 'DELETE' });
      },
    };
  };

import { setTimeout as rest } from 'node:timers/promises';
import type { FaultRule } from '../../../src/local/sandbox/faults';
import type { Fault } from '../injector';
import type { ChaosOptions } from '../options';

const PROVIDERS = ['payments', 'warehouse', 'mail', 'carrier'] as const;
const KINDS = ['fail-before', 'lose-answer'] as const;
const SEEDS = 1_000_000;
const LOOK_EVERY_MS = 1_000;

export const providerFaults = PROVIDERS.flatMap((provider) => KINDS.map((kind) => ({ provider, kind })));
export const kindOf = ({ provider, kind }: Pick<FaultRule, 'provider' | 'kind'>): string => `${provider}-${kind}`;

/** Of the webhooks of payments: lost, sent again although they were taken, and sent after those of others. */
export const WEBHOOK_FAULT_RATE = 0.3;
const WEBHOOK_FAULTS: Readonly<Record<string, Partial<FaultRule> & Pick<FaultRule, 'kind'>>> = {
  'webhook-lost': { kind: 'fail-before' },
  'webhook-doubled': { kind: 'lose-answer' },
  'webhook-late': { kind: 'slow', delayMs: 3_000 },
};
export const webhookFaults = Object.keys(WEBHOOK_FAULTS);

export const isOfProvider = (kind: string): boolean =>
  webhookFaults.includes(kind) || providerFaults.some((rule) => kindOf(rule) === kind);

/** By kind. Those of webhooks come first: a rule for a whole provider is for them, too. */
const rulesOf = ({ faultRate, payments }: Pick<ChaosOptions, 'faultRate' | 'payments'>): [string, FaultRule][] => [
  ...(payments ? Object.entries(WEBHOOK_FAULTS) : []).map(([kind, fault]): [string, FaultRule] => [
    kind,
    { provider: 'payments', operation: 'webhook', rate: WEBHOOK_FAULT_RATE, ...fault },
  ]),
  ...providerFaults.map((rule): [string, FaultRule] => [kindOf(rule), { ...rule, rate: faultRate / KINDS.length }]),
];

/** At every provider, half of the faults fail before acting, and half act and lose the answer. */
export const failProviders =
  (options: Pick<ChaosOptions, 'faultRate' | 'payments'>): Fault =>
  ({ sandbox }, random) => {
    const rules = rulesOf(options);
    const struck: Record<string, number> = Object.fromEntries(rules.map(([kind]) => [kind, 0]));
    const look = async () => {
      const response = await fetch(`${sandbox}/faults`);
      const { rules: told } = (await response.json()) as { rules: (FaultRule & { fired: number })[] };
      for (const [at, [kind]] of rules.entries()) struck[kind] = told[at]?.fired ?? 0;
    };
    return {
      struck,
      run: async (signal) => {
        const response = await fetch(`${sandbox}/faults`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ rules: rules.map(([, rule]) => rule), seed: Math.floor(random.next() * SEEDS) }),
        });
        if (!response.ok) throw new Error(`PUT /faults answered ${response.status}: ${await response.text()}`);
        while (await rest(LOOK_EVERY_MS, true, { signal }).catch(() => false)) await look();
        await look();
        await fetch(`${sandbox}/faults`, { method: 'DELETE' });
      },
    };
  };

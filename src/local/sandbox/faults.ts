import { createHash } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';

/** Longer than any client waits; a typo must not hold a call for an hour. */
const LONGEST_DELAY_MS = 120_000;

const FaultKind = Type.Union([
  Type.Literal('fail-before'),
  Type.Literal('lose-answer'),
  Type.Literal('slow'),
  Type.Literal('refuse'),
  Type.Literal('refuse-later'),
]);

/** Defaults: any `operation`, any `key` (a prefix), no limit of `times`, and a `rate` of every call. */
export const FaultRule = Type.Object(
  {
    provider: Type.String(),
    operation: Type.Optional(Type.String()),
    kind: FaultKind,
    key: Type.Optional(Type.String()),
    times: Type.Optional(Type.Integer({ minimum: 1 })),
    rate: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    delayMs: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_DELAY_MS })),
  },
  { additionalProperties: false },
);
export type FaultRule = Static<typeof FaultRule>;

export interface FaultTarget {
  readonly provider: string;
  readonly operation: string;
  readonly key: string;
}

interface Switch {
  readonly rule: FaultRule;
  readonly drawsByKey: Map<string, number>;
  fired: number;
}

/** The fault switches that are on. In memory: a restart of the sandbox ends all faults. */
export class Faults {
  #seed = 0;
  #switches: Switch[] = [];

  replace(rules: readonly FaultRule[], seed: number): void {
    this.#seed = seed;
    this.#switches = rules.map((rule) => ({ rule, drawsByKey: new Map(), fired: 0 }));
  }

  /** How often each rule has fired since it was set. */
  report(): { seed: number; rules: (FaultRule & { fired: number })[] } {
    return { seed: this.#seed, rules: this.#switches.map(({ rule, fired }) => ({ ...rule, fired })) };
  }

  /** The first rule of this kind that fires now. Call it only where the effect follows, so that counts are true. */
  fire(kind: FaultRule['kind'], target: FaultTarget): FaultRule | undefined {
    const struck = this.#switches.find(
      (candidate, index) =>
        candidate.rule.kind === kind && matches(candidate, target) && this.#drawn(candidate, index, target.key),
    );
    if (struck) struck.fired += 1;
    return struck?.rule;
  }

  /** Drawn from the seed, the key, and how often the key was drawn for, so that the order of arrival does not matter. */
  #drawn({ rule, drawsByKey }: Switch, index: number, key: string): boolean {
    if (rule.rate === undefined) return true;
    const draw = drawsByKey.get(key) ?? 0;
    drawsByKey.set(key, draw + 1);
    const hash = createHash('sha256').update(`${this.#seed}/${index}/${draw}/${key}`).digest();
    return hash.readUInt32BE() / 2 ** 32 < rule.rate;
  }
}

const matches = ({ rule, fired }: Switch, { provider, operation, key }: FaultTarget): boolean =>
  rule.provider === provider &&
  (rule.operation ?? operation) === operation &&
  key.startsWith(rule.key ?? '') &&
  fired < (rule.times ?? Infinity);

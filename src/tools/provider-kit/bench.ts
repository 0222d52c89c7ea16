import { randomBytes } from 'node:crypto';
import type { Step } from '../../domain/steps';
import type { Ports } from '../../ports/providers';
import { providerKey } from '../../ports/provider-key';
import { settleWithin } from '../../runtime/time-limit';
import { CALLS_OF } from './calls-of';
import type { KitRole } from './calls-of';
import type { Given } from './given';
import type { HttpCaller } from './http-caller';
import type { Line } from './line';
import type { StepCalls } from './step-calls';

/** An attempt of a step is over by then: an answer that comes later is no answer. */
const ATTEMPT_MS = 10_000;

const STEP_OF: Readonly<Record<KitRole, Step>> = {
  payments: 'payment-authorized',
  inventory: 'stock-reserved',
  warehouse: 'fulfillment-triggered',
  mail: 'notification-sent',
  loyalty: 'loyalty-awarded',
  carrier: 'label-generated',
};

/** A provider on the bench: what the checks call. */
export interface Bench<R extends KitRole = KitRole> {
  readonly role: R;
  readonly given: Given;
  readonly port: Ports[R];
  readonly calls: StepCalls;
  /** Only over HTTP: the line to the provider, which can fail. */
  readonly line?: Line;
  /** Only over HTTP: calls that no adapter makes. */
  readonly http?: HttpCaller;
  /** Never used before. */
  readonly newKey: () => string;
  /** Undoes what is still done under the keys given out. */
  readonly tidy: () => Promise<void>;
}

export interface OpenProvider<R extends KitRole> {
  readonly bench: Bench<R>;
  /** For people. */
  readonly called: string;
  /** Why there is nothing to try. */
  readonly untried?: string;
  readonly close: () => Promise<void>;
}

/** Without `http` and `line` the provider is an adapter in this process. */
export function bench<R extends KitRole>(
  role: R,
  port: Ports[R],
  { given, ...overHttp }: { given: Given } & Pick<Bench, 'http' | 'line'>,
): Bench<R> {
  const limited = answeringInTime(port);
  const calls = CALLS_OF[role](limited, given);
  const keys: string[] = [];
  return {
    ...overHttp,
    ...{ role, given, calls },
    port: limited,
    newKey: () => {
      const key = providerKey(`chk_${randomBytes(16).toString('hex')}`, STEP_OF[role]);
      keys.push(key);
      return key;
    },
    tidy: async () => {
      // The undo of a mail is another mail. Elsewhere a failed undo has been reported by the check that tried it, or is no fault: what was
      // captured cannot be voided.
      if (role !== 'mail') for (const key of keys) await calls.undo(key).catch(() => undefined);
    },
  };
}

/** The same port; each call fails if it takes longer than an attempt. */
const answeringInTime = <Port extends object>(port: Port): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) =>
        settleWithin(ATTEMPT_MS, async () => Reflect.apply(member, target, given) as Promise<unknown>, 'The provider');
    },
  });

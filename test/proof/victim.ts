import { setTimeout as rest } from 'node:timers/promises';
import { LEASE_MS } from '../../src/outbox/log/leases';
import { eventually } from '../support/eventually';

export const FAULTS = ['kill', 'stop'] as const;
export type Fault = (typeof FAULTS)[number];

/** Longer than a lease, by enough that the other relay has taken the lanes and moved their cursors. */
const STOPPED_MS = LEASE_MS + 2_000;

/** A relay that somebody keeps alive. */
export interface Victim {
  readonly name: string;
  /** As it is now; undefined while it is away. */
  readonly pid: () => number | undefined;
}

/** Does the fault and returns when the relay is at work again. What is aborted leaves nobody stopped. */
export async function strike({ pid }: Victim, fault: Fault, signal: AbortSignal): Promise<void> {
  const struck = await eventually(() => {
    signal.throwIfAborted();
    return pid();
  });
  if (fault === 'stop') {
    process.kill(struck, 'SIGSTOP');
    // The time is the fault: there is nothing to wait for.
    await rest(STOPPED_MS, undefined, { signal }).finally(() => process.kill(struck, 'SIGCONT'));
    return;
  }
  process.kill(struck, 'SIGKILL');
  await eventually(() => {
    signal.throwIfAborted();
    const now = pid();
    return now === struck ? undefined : now;
  });
}

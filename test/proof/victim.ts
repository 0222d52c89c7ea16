import { setTimeout as rest } from 'node:timers/promises';
import { LEASE_MS } from '../../src/outbox/log/leases';
import { eventually } from '../support/eventually';

export const FAULTS = ['kill', 'stop'] as const;
export type Fault = (typeof FAULTS)[number];

/** Longer than a lease, by enough for the other relay to take over the lanes and move their cursors. */
const STOPPED_MS = LEASE_MS + 2_000;

/** A relay that is restarted when it dies. */
export interface Victim {
  readonly name: string;
  /** Its current pid; undefined while it is down. */
  readonly pid: () => number | undefined;
}

/** Injects the fault and returns when the relay works again. If aborted, it leaves no process stopped. */
export async function strike({ pid }: Victim, fault: Fault, signal: AbortSignal): Promise<void> {
  const struck = await eventually(() => {
    signal.throwIfAborted();
    return pid();
  });
  if (fault === 'stop') {
    process.kill(struck, 'SIGSTOP');
    // The pause itself is the fault: there is nothing to wait for.
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

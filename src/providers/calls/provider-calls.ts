import { TemporalFailure } from '@temporalio/common';
import { ProviderFault } from '../../ports/provider-fault';
import type { Ports, Role } from '../../ports/providers';
import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { asking } from './ask-first';
import type { Answer, Request, Verbs } from './ask-first';
import { currentAttempt } from './attempt';
import { Breakers } from './breakers';
import { CallTotals } from './call-totals';
import { FailedAttempts } from './failed-attempts';
import { UnsettledKeys } from './unsettled-keys';
import { writeBehind } from './write-behind';

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
   * and leaves a log line, a figure and, if it failed, a row. It may be wrapped anew for each call: what is remembered is kept here. Not for
   * adapters that write in our own Postgres, which have no provider behind them.
   */
  guarded<R extends Role>(port: Ports[R], place: Place<R>): Ports[R];
  /** Writes what is not written yet. */
  stop(): Promise<void>;
}

interface Parts {
  readonly db: Database;
  readonly logger: Logger;
  /** Milliseconds of a clock that nobody can set. */
  readonly now?: () => number;
}

type Call = Place<Role> & { readonly port: Verbs; readonly verb: string; readonly request: Request };

/** One for each process. */
export function providerCalls({ db, logger, now = () => performance.now() }: Parts): ProviderCalls {
  const keys = new UnsettledKeys(now);
  const totals = new CallTotals();
  const failures = new FailedAttempts(db, logger);
  const breakers = new Breakers({ logger, now, onChange: () => figures.soon() });
  const figures = writeBehind({ db, logger, totals, breakers });

  async function answerTo({ port, verb, request, ...place }: Call): Promise<Answer | undefined> {
    const { key } = request;
    const restMs = keys.restMs(key);
    if (restMs > 0) {
      const sentence = `The provider for ${place.role} asked not to be called yet`;
      throw new ProviderFault('rate-limited', sentence, { retryAfterMs: restMs });
    }
    return breakers.of(place).call(key, async () => {
      const before = keys.mayHaveActed(key);
      const first = before || place.uncertain === true || currentAttempt()?.isRetry === true;
      keys.sent(key);
      try {
        const answer = await asking(port, verb, { first })(request);
        keys.answered(key);
        return answer;
      } catch (error) {
        const fault = faultOf(error, place, verb);
        if (fault instanceof ProviderFault) keys.failed(key, fault, before);
        throw fault;
      }
    });
  }

  async function call(of: Call): Promise<Answer | undefined> {
    const { role, tenant, adapter, verb, request: { key } } = of; // prettier-ignore
    const attempt = currentAttempt();
    const begunAt = now();
    const told = (outcome: string) => {
      const ms = Math.round(now() - begunAt);
      totals.add({ role, adapter, outcome, ms });
      figures.later();
      return { role, adapter, tenant, verb, key, attempt: attempt?.number, ms, outcome };
    };
    try {
      const answer = await answerTo(of);
      logger.info(told(answer?.outcome ?? 'done'), 'a provider answered');
      return answer;
    } catch (fault) {
      if (!(fault instanceof ProviderFault)) throw fault;
      const nextMs = attempt?.pauseAfter(fault);
      const { fault: outcome, mayHaveActed } = fault;
      logger.warn({ ...told(outcome), nextMs, code: codeOf(fault.cause) }, fault.message);
      failures.add({ key, role, adapter, verb, attempt: attempt?.number, outcome, nextMs, mayHaveActed });
      throw fault;
    }
  }

  return {
    guarded: (port, place) =>
      new Proxy(port, {
        get(target, verb) {
          const own: unknown = Reflect.get(target, verb);
          if (typeof own !== 'function' || typeof verb !== 'string') return own;
          return (request: Request) => call({ ...place, port: target as unknown as Verbs, verb, request });
        },
      }),
    async stop() {
      await failures.written();
      await figures.stop();
    },
  };
}

/** An adapter that throws anything else has a fault of its own. Its message may hold what was sent, so only its name is told. */
function faultOf(error: unknown, { role, adapter }: Place<Role>, verb: string): unknown {
  if (error instanceof ProviderFault || error instanceof TemporalFailure) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new ProviderFault('unusable-answer', `The adapter ${adapter} of ${role} failed at ${verb}: ${name}`, {
    cause: error,
  });
}

/** The word of the system for what went wrong, such as ECONNREFUSED: its sentence may hold addresses. */
const codeOf = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;

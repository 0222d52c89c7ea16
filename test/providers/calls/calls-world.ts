import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import type { PaymentGateway } from '../../../src/ports/payment-gateway';
import { ProviderFault } from '../../../src/ports/provider-fault';
import { providerKey } from '../../../src/ports/provider-key';
import { openDatabase } from '../../../src/postgres/database';
import type { Database } from '../../../src/postgres/database';
import { activityAttempts } from '../../../src/providers/calls/activity-attempts';
import { providerCalls } from '../../../src/providers/calls/provider-calls';
import { accepted } from '../../support/checkout-world';
import { createTestDatabase } from '../../support/template-database';

export const PLACE = { role: 'payments', tenant: 'acme', adapter: 'http acct_1' } as const;
export const AMOUNT = { minor: 3_000n, currency: 'USD' };
const AUTHORIZED = { outcome: 'authorized', reference: 'auth_1' } as const;

/** A processor that does as told and records what it was asked. */
export function processor(script: Partial<Record<'authorize' | 'find', () => Promise<unknown>>> = {}) {
  const asked: string[] = [];
  const answering = (verb: 'authorize' | 'find') => async () => {
    asked.push(verb);
    return (script[verb]?.() ?? AUTHORIZED) as never;
  };
  const port: PaymentGateway = {
    authorize: answering('authorize'),
    find: answering('find'),
    void: async () => void asked.push('void'),
    capture: async () => ({ outcome: 'captured', reference: 'cap_1' }),
    refund: async () => ({ outcome: 'rejected', reason: 'closed' }),
  };
  return { port, asked };
}

export const failing = (fault: ProviderFault) => () => Promise.reject(fault);
export const LATE = new ProviderFault('timed-out', 'The provider did not answer');

/** A database for one test file, and calls with their log lines. */
export async function callsWorld() {
  const database = await createTestDatabase();
  const db = openDatabase(database.url, { connections: 5, onIdleError: () => undefined });
  return {
    db,
    setup: (writesTo = db) => setup(db, writesTo),
    close: async () => {
      await db.close();
      await database.drop();
    },
  };
}

export type CallsWorld = Awaited<ReturnType<typeof callsWorld>>;

async function setup(db: Database, writesTo: Database) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  const clock = { ms: 1_000 };
  const calls = providerCalls({ db: writesTo, logger, now: () => clock.ms });
  const order = await accepted(db);
  const request = { key: providerKey(order.checkoutId, 'payment-authorized'), amount: AMOUNT, token: 'tok_visa' };
  const authorize = (port: PaymentGateway, info: Partial<Info> = {}, place: object = {}) =>
    new MockActivityEnvironment(info, { interceptors: [activityAttempts] }).run(() =>
      calls.guarded(port, { ...PLACE, ...place }).authorize(request),
    );
  return { calls, clock, lines, order, request, authorize };
}

import { pino } from 'pino';
import type { Database } from '../../src/postgres/database';
import { openProviders } from '../../src/providers/open-providers';
import type { Providers } from '../../src/providers/open-providers';

/** The sandbox for every role that needs a provider, as a process without `PROVIDERS_FILE` has it, but without a guard around the calls. */
export const servedBySandbox = (sandboxUrl: string, db: Database): Promise<Providers> =>
  openProviders({
    ...{ file: '', sandbox: { url: sandboxUrl }, environment: {}, db, logger: pino({ level: 'silent' }) },
    calls: { guarded: (port) => port },
  });

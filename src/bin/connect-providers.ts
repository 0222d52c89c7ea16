import type { Database } from '../postgres/database';
import type { DatabaseClock } from '../postgres/database-clock';
import { providerCalls } from '../providers/calls/provider-calls';
import { openProviders } from '../providers/open-providers';
import type { Providers } from '../providers/open-providers';
import { sandboxIn } from '../providers/sandbox-in';
import { tellUses } from '../providers/uses';
import type { Role } from '../ports/providers';
import { environment } from '../runtime/config';
import type { Config } from '../runtime/config';
import type { Logger } from '../runtime/logger';

interface Parts {
  readonly config: Config;
  readonly db: Database;
  /** Its time signs the calls. The host's does until the database has been asked: a worker starts without it. */
  readonly clock: DatabaseClock;
  readonly logger: Logger;
  /** What the process calls; all roles unless it says otherwise. */
  readonly roles?: readonly Role[];
}

/** Ends the process with a sentence if the file has a mistake, or if an order, old or new, would have no provider. */
export async function connectProviders(
  kind: 'worker' | 'service' | 'relay',
  { config, db, clock, logger, ...rest }: Parts,
): Promise<Providers> {
  const calls = providerCalls({ db, logger });
  // eslint-disable-next-line no-restricted-syntax -- until the database has been asked
  const now = () => (clock.isMeasured ? clock.now() : new Date());
  const found = { file: config.PROVIDERS_FILE, sandbox: sandboxIn(config), environment };
  const opening = openProviders({ ...found, calls, db, now, logger, ...rest });
  const providers = await orExit(opening, logger);
  const uses = tellUses(kind, providers.uses, { db, logger });
  return {
    ...providers,
    close: async () => {
      await Promise.all([uses.stop(), calls.stop()]);
      await providers.close();
    },
  };
}

const orExit = <T>(opening: Promise<T>, logger: Logger): Promise<T> =>
  opening.catch((error: unknown) => {
    logger.fatal(error instanceof Error ? error.message : error);
    process.exit(1);
  });

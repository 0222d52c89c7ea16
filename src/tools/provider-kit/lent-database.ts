import { openDatabase } from '../../postgres/database';
import type { Database } from '../../postgres/database';
import type { Opening } from '../../providers/open-ports';

const CONNECTIONS = 5;

/** The database of `DATABASE_URL`, for an adapter that keeps its keys there. The others run without one. */
export function lentDatabase(url: string) {
  let opened: Database | undefined;
  const lent: Opening['lent'] = {
    get db() {
      if (url === '') throw new Error('it keeps its keys in Postgres: set DATABASE_URL');
      return (opened ??= openDatabase(url, { connections: CONNECTIONS, onIdleError: () => undefined }));
    },
  };
  return {
    lent,
    /** Throws a sentence if an adapter needs it and it cannot be used. */
    check: async () => void (await opened?.query('select from provider_references limit 0').catch(refused)),
    close: async () => opened?.close(),
  };
}

function refused(error: NodeJS.ErrnoException): never {
  // An address with several hosts fails without a message.
  const why = error.message !== '' ? error.message : error.code;
  throw new Error(`The database of DATABASE_URL cannot be used: ${why}`, { cause: error });
}

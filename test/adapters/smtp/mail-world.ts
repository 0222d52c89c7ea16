import { keyMemoryIn } from '../../../src/adapters/key-memory';
import { create } from '../../../src/adapters/smtp/create';
import type { SmtpSettings } from '../../../src/adapters/smtp/settings';
import type { Connection } from '../../../src/adapters/adapter';
import { openDatabase } from '../../../src/postgres/database';
import { startSmtpServer } from '../../support/smtp-server';
import type { SmtpOptions, SmtpServer } from '../../support/smtp-server';
import { createTestDatabase } from '../../support/template-database';

/** A database for the keys, and as many mail servers as the tests of one file need. */
export async function mailWorld() {
  const database = await createTestDatabase();
  const db = openDatabase(database.url, { connections: 4, onIdleError: () => undefined });
  const opened: { close?(): unknown }[] = [];

  const mailerTo = (port: number, settings: Partial<SmtpSettings> = {}): Connection<'mail'> => {
    const from = 'Shop <orders@shop.example>';
    const mailer = create({ host: '127.0.0.1', port, secure: false, from, ...settings }, keyMemoryIn(db, 'mail'));
    opened.push(mailer);
    return mailer;
  };

  return {
    db,
    mailerTo,
    async server(options: SmtpOptions = {}): Promise<SmtpServer> {
      const server = await startSmtpServer(options);
      opened.push({ close: () => server.stop() });
      return server;
    },
    async close() {
      for (const each of opened) await each.close?.();
      await db.close();
      await database.drop();
    },
  };
}

export type MailWorld = Awaited<ReturnType<typeof mailWorld>>;

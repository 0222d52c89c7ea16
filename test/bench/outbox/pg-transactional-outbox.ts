import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

interface Tables {
  readonly outboxOrInbox: 'outbox';
  readonly database: string;
  readonly schema: string;
  readonly table: string;
  readonly listenerRole: string;
  readonly publication: string;
  readonly replicationSlot: string;
}

export interface Message {
  readonly id: string;
  readonly aggregateId: string;
  readonly messageType: string;
  readonly createdAt: string;
  readonly payload: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The part of it that is used. */
interface PgTransactionalOutbox {
  readonly DatabaseSetup: {
    dropAndCreateTable(tables: Tables): string;
    setupReplicationCore(tables: Tables): string;
    setupReplicationSlot(tables: Tables): string;
  };
  getDisabledLogger(): unknown;
  createReplicationSemaphoreConcurrencyController(most: number): unknown;
  initializeReplicationMessageListener(
    config: unknown,
    handler: { handle(message: Message): Promise<void> },
    logger: unknown,
    strategies: { concurrencyStrategy: unknown },
  ): [shutdown: () => Promise<void>];
}

/** The settings for its own set-up tool. */
export const TABLES: Tables = {
  outboxOrInbox: 'outbox',
  database: 'bench',
  schema: 'public',
  table: 'outbox',
  listenerRole: 'postgres',
  publication: 'outbox_publication',
  replicationSlot: 'outbox_slot',
};

/** A separate package.json, so that only this benchmark installs it, and so that our files do not get the package's `pg`. */
const INSTALLED = path.join(__dirname, 'installed');

export function installPgTransactionalOutbox(): void {
  if (existsSync(path.join(INSTALLED, 'node_modules'))) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: INSTALLED, stdio: ['ignore', 2, 2] });
}

export const pgTransactionalOutbox = (): PgTransactionalOutbox =>
  createRequire(path.join(INSTALLED, 'package.json'))('pg-transactional-outbox') as PgTransactionalOutbox;

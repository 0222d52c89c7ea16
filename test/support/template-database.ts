import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { testEnvironment } from './environment';

/** The database that the global set-up migrated once. */
export const TEMPLATE_DATABASE = 'template_checkout';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A clone of the migrated template, for one test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`create database ${name} template ${TEMPLATE_DATABASE}`);
  const url = new URL(testEnvironment('TEST_DATABASE_URL'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`drop database if exists ${name} with (force)`) };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: testEnvironment('TEST_DATABASE_URL') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

import { randomBytes } from 'node:crypto';
import type { Caller } from '../domain/api-keys';
import type { Queryable } from '../postgres/database';
import { digestOf } from './find-caller';

/** Makes a key of 256 random bits. Only this returns it: the database keeps its digest. */
export async function createApiKey(db: Queryable, { tenant, scope }: Caller): Promise<string> {
  const apiKey = `sk_live_${randomBytes(32).toString('base64url')}`;
  await db.query(`insert into api_keys (digest, tenant, scope) values ($1, $2, $3)`, [digestOf(apiKey), tenant, scope]);
  return apiKey;
}

import { Agent } from 'node:http';
import { setTimeout as rest } from 'node:timers/promises';
import { Client } from 'pg';
import type { Start } from '../system';
import { post } from './post';

const ACCEPTED = 202;
const LOOK_EVERY_MS = 200;

/** Ours without waiting: the claim and the acceptance are committed, and the workflow is started after the answer. */
export const accept: Start = async ({ api, databaseUrl }) => {
  const agent = new Agent({ keepAlive: true });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const unstarted = async () =>
    (await client.query(`select from checkouts where started_at is null limit 1`)).rowCount !== 0;
  return {
    one: async (id) => {
      await post({ api, agent, id, expect: [ACCEPTED] });
    },
    settle: async () => {
      while (await unstarted()) await rest(LOOK_EVERY_MS);
    },
  };
};

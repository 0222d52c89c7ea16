import { Agent } from 'node:http';
import { setTimeout as rest } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { CHECKOUT_WORKFLOW } from '../../../../src/contract/checkout';
import type { Start } from '../system';
import { post } from './post';

const [CREATED, ACCEPTED] = [201, 202];
const LOOK_EVERY_MS = 200;

/**
 * Ours as a shop calls it, with API and worker in one process or apart: one request, whose answer is the outcome. After the longest possible
 * wait it is repeated.
 */
export const http: Start = async ({ api, temporal }) => {
  const agent = new Agent({ keepAlive: true });
  const client = new Client({ connection: await Connection.connect({ address: temporal }) });
  const query = `WorkflowType = '${CHECKOUT_WORKFLOW}' and ExecutionStatus = 'Running'`;
  return {
    one: async (id) => {
      const ask = () => post({ api, agent, id, expect: [CREATED, ACCEPTED], headers: { prefer: 'wait=30' } });
      while ((await ask()) === ACCEPTED);
    },
    // The outcome is sent once it is in Postgres, a moment before Temporal closes the workflow.
    settle: async () => {
      while ((await client.workflow.count(query)).count > 0) await rest(LOOK_EVERY_MS);
    },
  };
};

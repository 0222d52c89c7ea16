import { Client, Connection } from '@temporalio/client';
import type { Start } from '../system';

/** Temporal's own acknowledgement: starts a workflow on a queue without workers. */
export const start: Start = async ({ temporal }) => {
  const client = new Client({ connection: await Connection.connect({ address: temporal }) });
  return {
    one: async (id) => {
      await client.workflow.start('nothing', { workflowId: `start-${id}`, taskQueue: 'bench-nobody', args: [id] });
    },
  };
};

import { Client, Connection } from '@temporalio/client';
import type { Start } from '../system';

/** Temporal's own acknowledgement: a workflow that nobody works on is started, and that is all. */
export const start: Start = async ({ temporal }) => {
  const client = new Client({ connection: await Connection.connect({ address: temporal }) });
  return {
    one: async (id) => {
      await client.workflow.start('nothing', { workflowId: `start-${id}`, taskQueue: 'bench-nobody', args: [id] });
    },
  };
};

import { peer } from '../peers';
import { sevenSteps, STEPS } from '../seven-steps';
import type { Start } from '../system';

/** The size of our own pool. */
const CONNECTIONS = 20;

/** The part of it that is used. */
interface Dbos {
  setConfig(config: Readonly<Record<string, unknown>>): void;
  registerWorkflow(work: (id: string) => Promise<void>, options: { name: string }): (id: string) => Promise<void>;
  runStep(work: () => Promise<string>, options: { name: string }): Promise<string>;
  launch(): Promise<void>;
  startWorkflow(
    workflow: (id: string) => Promise<void>,
    options: { workflowID: string },
  ): (id: string) => Promise<{ getResult(): Promise<void> }>;
}

/** DBOS: the program counter is in Postgres too, and the engine is in this process. */
export const dbos: Start = async ({ stepsUrl, dbosUrl }) => {
  const { DBOS } = peer<{ DBOS: Dbos }>('@dbos-inc/dbos-sdk');
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: dbosUrl,
    systemDatabasePoolSize: CONNECTIONS,
    logLevel: 'error',
    runAdminServer: false,
  });
  const step = sevenSteps(stepsUrl);
  const checkout = DBOS.registerWorkflow(
    async (id) => {
      for (const name of STEPS) await DBOS.runStep(() => step(id, name), { name });
    },
    { name: 'checkout' },
  );
  await DBOS.launch();
  return {
    one: async (id) => (await DBOS.startWorkflow(checkout, { workflowID: id })(id)).getResult(),
  };
};

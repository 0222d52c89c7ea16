import type { Queryable } from '../../../postgres/database';
import type { Scene } from '../scene';
import { settledBefore } from '../scene';
import { withTemporal } from '../temporal';
import { withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkAcknowledged } from './check-acknowledged';
import { readAcceptedCheckouts } from './read-accepted';
import { readAcknowledgements, readEndedByHand } from './read-acknowledgements';
import { readWorkflows } from './read-workflows';
import type { Workflows } from './run-judge';

/** P2, on a live system. */
export async function acknowledged(scene: Scene): Promise<Verdict> {
  const { db, connections } = scene;
  const check = (workflows: Workflows | undefined): Promise<Verdict> =>
    checkAcknowledged({
      acknowledgements: connections.acknowledged === undefined ? [] : readAcknowledgements(connections.acknowledged),
      workflows,
      checkouts: readAcceptedCheckouts(db),
      endedByHand: connections.endedByHand === undefined ? [] : readEndedByHand(connections.endedByHand),
      settledBefore: settledBefore(scene),
    });
  const { temporal } = connections;
  const unseen = ['the workflows: Temporal was not named: give --temporal'];
  if (!temporal) return withUnseen(await check(undefined), connections, unseen);
  const when = { asOf: scene.asOf, lostAt: await lostAt(db) };
  return withTemporal(temporal, async (client) => check(await readWorkflows(client, temporal.namespace, when)));
}

/** When a workflow was last found to be gone from Temporal; null if never. */
async function lostAt(db: Queryable): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select max(resumed_at) as at from resumes where found = 'gone'`,
  );
  return rows[0]?.at ?? null;
}

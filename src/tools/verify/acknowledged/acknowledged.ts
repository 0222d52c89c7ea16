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
  const { db, places } = scene;
  const check = (workflows: Workflows | undefined): Promise<Verdict> =>
    checkAcknowledged({
      acknowledgements: places.acknowledged === undefined ? [] : readAcknowledgements(places.acknowledged),
      workflows,
      checkouts: readAcceptedCheckouts(db),
      endedByHand: places.endedByHand === undefined ? [] : readEndedByHand(places.endedByHand),
      settledBefore: settledBefore(scene),
    });
  const { temporal } = places;
  const unseen = ['the workflows: nobody said where Temporal is: give --temporal'];
  if (!temporal) return withUnseen(await check(undefined), places, unseen);
  const when = { asOf: scene.asOf, lostAt: await lostAt(db) };
  return withTemporal(temporal, async (client) => check(await readWorkflows(client, temporal.namespace, when)));
}

/** Null if Temporal has never lost anything that was missed. */
async function lostAt(db: Queryable): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select max(resumed_at) as at from resumes where found = 'gone'`,
  );
  return rows[0]?.at ?? null;
}

import { payloadCodec } from '../../../payloads/payload-codec';
import { parsePayloadKeys } from '../../../payloads/payload-keys';
import type { Scene } from '../scene';
import { withTemporal } from '../temporal';
import { withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkPrivacy } from './check-privacy';
import type { Text } from './check-privacy';
import { eventTexts, historyTexts, logTexts, metricsText } from './read-texts';
import { secretsOfCheckouts, secretsOfInstallation, workflowIdsOf } from './secrets';

/** P10, on a live system. */
export async function privacy(scene: Scene): Promise<Verdict> {
  const { db, sample, connections } = scene;
  const { temporal, logs, api, payloadKeys } = connections;
  const secrets = [...(await secretsOfCheckouts(db, sample)), ...secretsOfInstallation(payloadKeys)];
  const ids = await workflowIdsOf(db, sample);
  const verdict = temporal
    ? await withTemporal(temporal, (client) => {
        const codec = payloadCodec(parsePayloadKeys(payloadKeys), { anyWorkflow: true });
        return checkPrivacy(secrets, textsOf(scene, historyTexts(client, codec, sample)), ids);
      })
    : await checkPrivacy(secrets, textsOf(scene, []), ids);
  const unseen = [
    ...(temporal ? [] : ['histories: Temporal was not named: give --temporal']),
    ...(api === undefined ? ['metrics: the API was not named: give --api'] : []),
    ...(logs === undefined ? ['logs: only a stack has known log files: give --data-dir'] : []),
  ];
  const note = `searched in: the histories and events of the newest ${sample} checkouts, and the end of each log`;
  return withUnseen({ ...verdict, notes: [...verdict.notes, note] }, connections, unseen);
}

async function* textsOf(
  { db, connections, sample }: Scene,
  recorded: AsyncIterable<Text> | Iterable<Text>,
): AsyncGenerator<Text> {
  yield* recorded;
  yield* eventTexts(db, sample);
  if (connections.api !== undefined) yield* metricsText(connections.api);
  if (connections.logs !== undefined) yield* logTexts(connections.logs);
}

import { payloadCodec } from '../../../payloads/payload-codec';
import { parsePayloadKeys } from '../../../payloads/payload-keys';
import type { Scene } from '../scene';
import { withTemporal } from '../temporal';
import { withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkPrivacy } from './check-privacy';
import type { Text } from './check-privacy';
import { eventTexts, historyTexts, logTexts, metricsText } from './read-texts';
import { secretsOfCheckouts, secretsOfInstallation } from './secrets';

/** P10, on a live system. */
export async function privacy(scene: Scene): Promise<Verdict> {
  const { db, sample, places } = scene;
  const { temporal, logs, api, payloadKeys } = places;
  const secrets = [...(await secretsOfCheckouts(db, sample)), ...secretsOfInstallation(payloadKeys)];
  const verdict = temporal
    ? await withTemporal(temporal, (client) => {
        const codec = payloadCodec(parsePayloadKeys(payloadKeys), { anyWorkflow: true });
        return checkPrivacy(secrets, textsOf(scene, historyTexts(client, codec, sample)));
      })
    : await checkPrivacy(secrets, textsOf(scene, []));
  const unseen = [
    ...(temporal ? [] : ['histories: nobody said where Temporal is: give --temporal']),
    ...(api === undefined ? ['metrics: nobody said where the API is: give --api'] : []),
    ...(logs === undefined ? ['logs: only those of a stack are known: give --data-dir'] : []),
  ];
  const note = `looked at: the newest ${sample} checkouts with their histories and events, and the end of each log`;
  return withUnseen({ ...verdict, notes: [...verdict.notes, note] }, places, unseen);
}

async function* textsOf(
  { db, places, sample }: Scene,
  recorded: AsyncIterable<Text> | Iterable<Text>,
): AsyncGenerator<Text> {
  yield* recorded;
  yield* eventTexts(db, sample);
  if (places.api !== undefined) yield* metricsText(places.api);
  if (places.logs !== undefined) yield* logTexts(places.logs);
}

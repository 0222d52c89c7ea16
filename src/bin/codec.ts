import { buildCodecServer } from '../payloads/codec-server/build-codec-server';
import { parseOrigins } from '../payloads/codec-server/origin-guard';
import { parseToken } from '../payloads/codec-server/token-guard';
import { readConfig, required } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { payloadCodec } from '../payloads/payload-codec';
import { parsePayloadKeys } from '../payloads/payload-keys';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { UnreadablePayload } from '../payloads/sealed-payload';

async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger('codec', config);
  const codec = payloadCodec(parsePayloadKeys(required(config, 'PAYLOAD_KEYS')), { anyWorkflow: true });
  const app = buildCodecServer({
    logger,
    decode: (payloads) => codec.decode(payloads),
    isUnreadable: (error) => error instanceof UnreadablePayload,
    token: parseToken(required(config, 'CODEC_TOKEN')),
    origins: parseOrigins(config.CODEC_ORIGIN),
  });
  closeOnExit(logger, () => app.close());

  await app.listen({ host: config.CODEC_HOST, port: config.CODEC_PORT });
  announceReady();
}

void main();

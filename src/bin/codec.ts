import { buildCodecServer } from '../codec-server/build-codec-server';
import { parseOrigins } from '../codec-server/origin-guard';
import { parseToken } from '../codec-server/token-guard';
import { readConfig, required } from '../runtime/config';
import { createLogger } from '../runtime/logger';
import { payloadCodec } from '../runtime/payload-codec';
import { parsePayloadKeys } from '../runtime/payload-keys';
import { announceReady, closeOnExit } from '../runtime/process-lifecycle';
import { UnreadablePayload } from '../runtime/sealed-payload';

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

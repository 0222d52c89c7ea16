import type { DataConverter } from '@temporalio/common';
import { payloadCodec } from './payload-codec';
import { parsePayloadKeys } from './payload-keys';

export const FAILURE_CONVERTER_PATH = require.resolve('./failure-converter');

/** How values become payloads: the same for workers, clients and replays, or they do not understand each other. */
export const dataConverterOf = (payloadKeys: string): DataConverter => ({
  payloadCodecs: [payloadCodec(parsePayloadKeys(payloadKeys))],
  failureConverterPath: FAILURE_CONVERTER_PATH,
});

/** For exported histories, which have lost the id of their workflow. */
export const replayDataConverterOf = (payloadKeys: string): DataConverter => ({
  payloadCodecs: [payloadCodec(parsePayloadKeys(payloadKeys), { anyWorkflow: true })],
  failureConverterPath: FAILURE_CONVERTER_PATH,
});

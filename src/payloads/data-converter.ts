import type { DataConverter } from '@temporalio/common';
import { payloadCodec } from './payload-codec';
import { parsePayloadKeys } from './payload-keys';

export const FAILURE_CONVERTER_PATH = require.resolve('./failure-converter');

/** Workers, clients and replays must all use the same converter to read each other's payloads. */
export const dataConverterOf = (payloadKeys: string): DataConverter => ({
  payloadCodecs: [payloadCodec(parsePayloadKeys(payloadKeys))],
  failureConverterPath: FAILURE_CONVERTER_PATH,
});

/** For exported histories, which have lost their workflow id. */
export const replayDataConverterOf = (payloadKeys: string): DataConverter => ({
  payloadCodecs: [payloadCodec(parsePayloadKeys(payloadKeys), { anyWorkflow: true })],
  failureConverterPath: FAILURE_CONVERTER_PATH,
});

import type { Payload } from '@temporalio/common';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';

export type Decode = (payloads: Payload[]) => Promise<Payload[]>;

/** A history event has a few. A payload is never longer after decryption, so this bounds the answer as well. */
const MOST_PAYLOADS = 1_000;
/** Encodings use two or three entries. */
const MOST_METADATA = 16;

/** A payload in protobuf's JSON form: bytes are base64. */
const JsonPayload = Type.Object({
  metadata: Type.Optional(Type.Record(Type.String(), Type.String(), { maxProperties: MOST_METADATA })),
  data: Type.Optional(Type.String()),
});
const Body = Type.Object({ payloads: Type.Array(JsonPayload, { maxItems: MOST_PAYLOADS }) });

/** The decoding half of Temporal's remote codec protocol. */
export const decodeRoute = (decode: Decode): FastifyPluginAsyncTypebox =>
  async function decodeRoutes(app) {
    for (const url of ['/decode', '/:token/decode']) {
      app.post(url, { schema: { body: Body } }, async ({ body }, reply) => {
        const payloads = await decode(body.payloads.map(fromJson));
        reply.header('cache-control', 'no-store');
        return { payloads: payloads.map(toJson) };
      });
    }
  };

const fromJson = ({ metadata = {}, data = '' }: Static<typeof JsonPayload>): Payload => ({
  metadata: mapValues(metadata, (text) => Buffer.from(text, 'base64')),
  data: Buffer.from(data, 'base64'),
});

const toJson = ({ metadata, data }: Payload): Static<typeof JsonPayload> => ({
  metadata: mapValues(metadata ?? {}, base64),
  data: base64(data ?? new Uint8Array()),
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const mapValues = <From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

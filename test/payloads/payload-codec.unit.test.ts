import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Payload, WorkflowSerializationContext } from '@temporalio/common';
import fc from 'fast-check';
import { readable } from '../../src/contract/readable-payload';
import { payloadCodec } from '../../src/payloads/payload-codec';
import { parsePayloadKeys } from '../../src/payloads/payload-keys';
import { UnreadablePayload } from '../../src/payloads/sealed-payload';
import { aKeyEntry, aPayload, asText } from '../runtime/setup';

const KEY_ID = 'encryption-key-id';
const OLD = aKeyEntry('old');
const NEW = aKeyEntry('new');
const codecOf = (...entries: string[]) => payloadCodec(parsePayloadKeys(entries.join(',')));
const inWorkflow = (workflowId: string): WorkflowSerializationContext => ({
  type: 'workflow',
  namespace: 'default',
  workflowId,
});

async function sealed(payload = aPayload(), context?: WorkflowSerializationContext): Promise<Payload> {
  const [result] = await codecOf(OLD).encode([payload], context);
  return result ?? {};
}

const bytesOf = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes)])),
  data: Buffer.from(data ?? []),
});

test('any payload comes back unchanged, and nothing of it is visible when encrypted', async () => {
  const payloads = fc.record({
    metadata: fc.dictionary(fc.stringMatching(/^[a-z]{12,16}$/), fc.uint8Array(), { noNullPrototype: true }),
    data: fc.uint8Array({ minLength: 8, maxLength: 4096 }),
  });

  await fc.assert(
    fc.asyncProperty(fc.array(payloads), fc.option(fc.string(), { nil: undefined }), async (originals, workflowId) => {
      const codec = codecOf(NEW, OLD);
      const context = workflowId === undefined ? undefined : inWorkflow(workflowId);
      const encoded = await codec.encode(originals, context);

      expect((await codec.decode(encoded, context)).map(bytesOf)).toEqual(originals.map(bytesOf));
      encoded.forEach((payload, at) => {
        const original = originals[at];
        expect(Buffer.from(payload.data ?? []).includes(Buffer.from(original?.data ?? []))).toBe(false);
        for (const name of Object.keys(original?.metadata ?? {})) expect(asText(payload)).not.toContain(name);
      });
    }),
  );
});

test('records the key it was encrypted with, and the workflow it belongs to', async () => {
  const { metadata } = bytesOf(await sealed(aPayload(), inWorkflow('checkout/acme/one')));

  expect(Object.entries(metadata).map(([name, value]) => `${name}=${value.toString()}`)).toEqual([
    'encoding=binary/encrypted',
    'encryption-key-id=old',
    'encryption-workflow-id=checkout/acme/one',
  ]);
});

test('never uses the same nonce twice', async () => {
  const payloads = Array.from({ length: 10_000 }, () => aPayload());
  const encoded = await codecOf(OLD).encode(payloads);

  const nonces = encoded.map(({ data }) =>
    Buffer.from(data ?? [])
      .subarray(0, 12)
      .toString('hex'),
  );
  expect(new Set(nonces).size).toBe(payloads.length);
});

test('after a rotation, the new key encrypts and the old one still decrypts', async () => {
  const before = await sealed();
  const rotated = codecOf(NEW, OLD);

  const [after = {}] = await rotated.encode([aPayload()]);

  expect(Buffer.from(after.metadata?.[KEY_ID] ?? []).toString()).toBe('new');
  expect((await rotated.decode([before, after])).map(bytesOf)).toEqual([aPayload(), aPayload()].map(bytesOf));
});

test.each([
  ['no key at all', []],
  ['another key only', [NEW]],
])('refuses with %s, and says which key is missing', async (_, entries) => {
  const decoding = codecOf(...entries).decode([await sealed()]);

  await expect(decoding).rejects.toThrow(UnreadablePayload);
  await expect(decoding).rejects.toThrow('encrypted with the key "old", which is not in PAYLOAD_KEYS');
});

test('refuses a wrong key with the right id', async () => {
  const decoding = codecOf(aKeyEntry('old')).decode([await sealed()]);

  await expect(decoding).rejects.toThrow('it was changed, or PAYLOAD_KEYS has another key under this id');
});

test('refuses a payload if any byte was changed', async () => {
  const payload = await sealed();
  const length = payload.data?.length ?? 0;

  for (let at = 0; at < length; at += 1) {
    const data = Buffer.from(payload.data ?? []);
    data[at] = (data[at] ?? 0) ^ 1;
    await expect(codecOf(OLD).decode([{ ...payload, data }])).rejects.toThrow(UnreadablePayload);
  }
});

test.each<[string, (payload: Payload) => Payload]>([
  ['cut short', (payload) => ({ ...payload, data: payload.data?.subarray(0, -1) ?? null })],
  ['shorter than a nonce and a tag', (payload) => ({ ...payload, data: randomBytes(27) })],
  ['without data', ({ metadata = null }) => ({ metadata })],
  ['without its key id', (payload) => withMetadata(payload, { [KEY_ID]: undefined })],
  ['under another key’s id', (payload) => withMetadata(payload, { [KEY_ID]: 'new' })],
  ['passed off as plain', (payload) => withMetadata(payload, { encoding: 'json/plain' })],
  ['without its encoding', (payload) => withMetadata(payload, { encoding: undefined })],
  ['without its workflow id', (payload) => withMetadata(payload, { 'encryption-workflow-id': undefined })],
  ['given to another workflow', (payload) => withMetadata(payload, { 'encryption-workflow-id': 'other' })],
])('refuses a payload %s', async (_, tamper) => {
  const payload = await sealed(aPayload(), inWorkflow('mine'));

  await expect(codecOf(OLD, NEW).decode([tamper(payload)])).rejects.toThrow(UnreadablePayload);
});

test('refuses one order’s payload in another’s workflow, unless any workflow is allowed', async () => {
  const payload = await sealed(aPayload(), inWorkflow('mine'));
  const codecServer = payloadCodec(parsePayloadKeys(OLD), { anyWorkflow: true });

  await expect(codecOf(OLD).decode([payload], inWorkflow('other'))).rejects.toThrow(
    'A payload of the workflow "mine" turned up in "other"',
  );
  expect((await codecServer.decode([payload], inWorkflow('other'))).map(bytesOf)).toEqual([bytesOf(aPayload())]);
});

test('lets none of several payloads through if one is bad', async () => {
  const bad = withMetadata(await sealed(), { [KEY_ID]: 'lost' });

  await expect(codecOf(OLD).decode([aPayload(), bad, await sealed()])).rejects.toThrow('the key "lost"');
});

test('an error shows none of the content, and only the start of a key id', async () => {
  const payload = withMetadata(await sealed(), { [KEY_ID]: `\n${'x'.repeat(1_000)}` });

  const refusal = await codecOf(OLD)
    .decode([payload])
    .then(() => '', String);

  expect(refusal).toContain(`"\\n${'x'.repeat(63)}"`);
  expect(refusal.length).toBeLessThan(200);
});

test('passes on what was never encrypted, with and without keys, so old histories still replay', async () => {
  expect(await codecOf(OLD).decode([aPayload()])).toEqual([aPayload()]);
  expect(await codecOf().decode([aPayload()])).toEqual([aPayload()]);
  expect(await codecOf().encode([aPayload()])).toEqual([aPayload()]);
});

test('leaves what is marked as readable in clear, and removes the mark', async () => {
  const { payload } = readable('acme: 2 units in USD');

  const [written] = await codecOf(OLD).encode([payload]);

  expect(bytesOf(written ?? {})).toEqual(bytesOf(aPayload('"acme: 2 units in USD"')));
});

function withMetadata(payload: Payload, changes: Record<string, string | undefined>): Payload {
  const metadata = { ...payload.metadata };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete metadata[name];
    else metadata[name] = Buffer.from(value);
  }
  return { ...payload, metadata };
}

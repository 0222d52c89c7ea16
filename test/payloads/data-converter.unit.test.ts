import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow';
import { dataConverterOf } from '../../src/payloads/data-converter';
import { aKeyEntry } from '../runtime/setup';

const SECRET = 'ada@example.com cannot pay';
const aRefusal = () =>
  ApplicationFailure.create({
    type: 'PaymentDeclined',
    message: SECRET,
    details: [{ SECRET }],
    nonRetryable: true,
    cause: new TypeError(`because ${SECRET}`),
  });

test('an encrypted failure shows only its type, and those of its causes', async () => {
  const failure = await encodeErrorToFailure(loadDataConverter(dataConverterOf(aKeyEntry('one'))), aRefusal());

  expect(failure.message).toBe('Encoded failure: PaymentDeclined');
  expect(failure.applicationFailureInfo).toMatchObject({ type: 'PaymentDeclined', nonRetryable: true });
  expect(failure.cause?.message).toBe('Encoded failure: TypeError');
  expect([failure.stackTrace, failure.cause?.stackTrace]).toEqual(['', '']);
  expect(JSON.stringify(failure, asLatin1)).not.toContain('ada@example.com');
});

test('arrives as it was thrown: message, details, stack and cause', async () => {
  const converter = loadDataConverter(dataConverterOf(aKeyEntry('one')));
  const thrown = aRefusal();

  const arrived = await decodeOptionalFailureToOptionalError(converter, await encodeErrorToFailure(converter, thrown));

  expect(arrived).toBeInstanceOf(ApplicationFailure);
  expect(arrived).toMatchObject({ type: 'PaymentDeclined', message: SECRET, details: [{ SECRET }] });
  expect(arrived?.stack).toContain('data-converter.unit.test');
  expect(arrived?.cause).toMatchObject({ message: `because ${SECRET}` });
});

test('does not arrive with another key', async () => {
  const failure = await encodeErrorToFailure(loadDataConverter(dataConverterOf(aKeyEntry('one'))), aRefusal());
  const other = loadDataConverter(dataConverterOf(aKeyEntry('one')));

  await expect(decodeOptionalFailureToOptionalError(other, failure)).rejects.toThrow('PAYLOAD_KEYS has another key');
});

/** Bytes as characters, so that a search finds what is in them. */
const asLatin1 = (_: string, value: unknown): unknown => {
  const bytes = value as { type?: string; data?: number[] } | null;
  return bytes?.type === 'Buffer' ? Buffer.from(bytes.data ?? []).toString('latin1') : value;
};

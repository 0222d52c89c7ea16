import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import specs from '@asyncapi/specs';
import { describe, expect, test } from '@jest/globals';
import type { SchemaObject } from 'ajv';
import { asyncApi } from '../../../src/outbox/contract/asyncapi';
import { EVENT_TYPES } from '../../../src/outbox/contract/event-data';
import { eventSchemaOf } from '../../../src/outbox/contract/event-schema';
import { exampleOf } from '../../../src/outbox/contract/example';
import { packageRoot } from '../../../src/local/stack/package-root';
import { ajv, lenientAjv } from './ajv';
import { contractFiles } from './contract-files';

const inRoot = (file: string) => path.join(packageRoot(), file);

describe('the files for consumers', () => {
  test.each(Object.entries(contractFiles()))('%s is what `npm run asyncapi` writes', (file, content) => {
    expect(JSON.parse(readFileSync(inRoot(file), 'utf8'))).toEqual(content);
  });

  test('there is one schema for each event, and no other', () => {
    const files = readdirSync(inRoot('src/outbox/contract/schemas'));

    expect(files.sort()).toEqual(EVENT_TYPES.map((type) => `${type}.json`).sort());
  });

  test.each(EVENT_TYPES)('%s has an example that its schema allows', (type) => {
    const schema = eventSchemaOf(type);

    ajv.validate(schema, exampleOf(schema));

    expect(ajv.errors).toBeNull();
  });
});

describe('the AsyncAPI document', () => {
  const isAsyncApi = lenientAjv.compile(specs.schemasWithoutId['3.0.0'] as SchemaObject);

  test('is valid under the schema of AsyncAPI 3.0', () => {
    isAsyncApi(asyncApi());

    expect(isAsyncApi.errors ?? []).toEqual([]);
  });

  test('would be invalid with a field that AsyncAPI does not know', () => {
    expect(isAsyncApi({ ...asyncApi(), topics: {} })).toBe(false);
  });

  test('has no dangling references', () => {
    const document = asyncApi();
    const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, pointer]) => pointer ?? '',
    );

    const dangling = pointers.filter((pointer) => at(document, pointer) === undefined);

    expect(pointers.length).toBeGreaterThan(EVENT_TYPES.length);
    expect(dangling).toEqual([]);
  });

  test.each(EVENT_TYPES)('has %s in every channel', (type) => {
    const channels = Object.values(asyncApi()['channels'] as Record<string, { messages: object }>);

    expect(channels).toHaveLength(4);
    for (const { messages } of channels) expect(Object.keys(messages)).toContain(type);
  });
});

const at = (document: unknown, pointer: string): unknown =>
  pointer.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);

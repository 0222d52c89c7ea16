import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { TObject } from '@sinclair/typebox';
import { providersOpenApi } from '../../../../src/adapters/http/protocol/openapi';
import { PROTOCOL } from '../../../../src/adapters/http/protocol/protocol';
import { packageRoot } from '../../../../src/local/stack/package-root';
import { lenientAjv } from '../../../outbox/contract/ajv';
import { DOCUMENT } from './document';

type Paths = Record<
  string,
  Record<string, { operationId: string; requestBody?: Body; responses: Record<string, Body> }>
>;
type Body = { content: { 'application/json': { schema: { oneOf: (TObject & { title: string })[] } } } };

const paths = () => providersOpenApi()['paths'] as Paths;

test('the file is what `npm run providers:openapi` writes', () => {
  expect(JSON.parse(readFileSync(path.join(packageRoot(), DOCUMENT), 'utf8'))).toEqual(providersOpenApi());
});

test('has every verb of every role, and the presence of each role', () => {
  const expected = Object.entries(PROTOCOL).flatMap(([role, verbs]) => [
    `get /provider/v1/${role}`,
    ...Object.keys(verbs).map((verb) => `post /provider/v1/${role}/${verb}`),
  ]);

  const found = Object.entries(paths()).flatMap(([at, methods]) =>
    Object.keys(methods).map((method) => `${method} ${at}`),
  );

  expect(found.sort()).toEqual(expected.sort());
});

test('has no dangling references', () => {
  const { parameters } = providersOpenApi()['components'] as { parameters: object };

  const named = [...JSON.stringify(paths()).matchAll(/"\$ref":"#\/components\/parameters\/([^"]+)"/g)];

  expect(new Set(named.map(([, name]) => name))).toEqual(new Set(Object.keys(parameters)));
});

test('lets a provider ignore fields that it does not know', () => {
  expect(JSON.stringify(providersOpenApi())).not.toContain('additionalProperties');
});

test('each answer fits exactly one outcome', () => {
  const answers = Object.values(paths()).flatMap(({ post }) => (post?.responses['200'] ? [post.responses['200']] : []));
  for (const { content } of answers) {
    const { schema } = content['application/json'];
    for (const { title } of schema.oneOf) {
      expect(lenientAjv.validate(schema, { outcome: title, ...FACTS })).toBe(true);
    }
    expect(lenientAjv.validate(schema, { outcome: 'maybe', ...FACTS })).toBe(false);
  }
});

/** Enough for every outcome. */
const FACTS = {
  ...{ reference: 'ref_1', reason: 'because', amount: 3000, currency: 'USD', points: 30, skus: ['MUG-BLUE'] },
  ...{ trackingNumber: 'SB1', deliveryPromise: '2026-12-01', expiresAt: '2026-12-01T12:00:00Z' },
  url: 'https://pay.example.com/3ds',
};

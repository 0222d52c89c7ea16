import { describe, expect, test } from '@jest/globals';
import { brokenPromises } from './broken-promises';
import type { Schema } from './broken-promises';
import { currentSchemas, releasedSchemas, releases } from './released';

test.each(releases())('consumers of the events of %s can rely on everything that was in them', (release) => {
  expect(brokenPromises(releasedSchemas(release), currentSchemas())).toEqual([]);
});

test('there is a release to compare with', () => {
  expect(releases()).toContain('v0.1');
});

const paid: Schema = {
  type: 'object',
  required: ['id', 'how', 'lines'],
  properties: {
    id: { type: 'string', description: 'Whose', format: 'uuid' },
    how: { type: 'string', enum: ['card', 'cash'] },
    minor: { type: 'integer', minimum: 0 },
    lines: { type: 'array', items: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } } },
  },
};
const { id, ...others } = paid.properties ?? {};
const having = (properties: Record<string, Schema>): Schema => ({
  ...paid,
  properties: { ...paid.properties, ...properties },
});

describe('finds a breaking change', () => {
  test.each<[string, Record<string, Schema>, string]>([
    ['a removed event', {}, 'paid is gone'],
    ['a renamed event', { payed: paid }, 'paid is gone'],
    ['a removed field', { paid: { ...paid, properties: others } }, 'paid.id is gone'],
    ['a field that becomes optional', { paid: { ...paid, required: ['id', 'how'] } }, 'paid.lines may be missing'],
    [
      'a field that old events lack',
      { paid: { ...paid, required: ['id', 'how', 'lines', 'minor'] } },
      'paid.minor is required',
    ],
    [
      'a new field that is required',
      { paid: { ...having({ at: { type: 'string' } }), required: ['id', 'how', 'lines', 'at'] } },
      'paid.at is required and was not',
    ],
    ['another type', { paid: having({ minor: { type: 'string', minimum: 0 } }) }, 'paid.minor: type is another'],
    ['another format', { paid: having({ id: { type: 'string', format: 'email' } }) }, 'paid.id: format is another'],
    ['a removed format', { paid: having({ id: { type: 'string' } }) }, 'paid.id: format is another'],
    [
      'a narrower range',
      { paid: having({ minor: { type: 'integer', minimum: 1 } }) },
      'paid.minor: minimum is another',
    ],
    [
      'a pattern',
      { paid: having({ id: { type: 'string', format: 'uuid', pattern: '^0' } }) },
      'paid.id: pattern is another',
    ],
    ['a narrower enumeration', { paid: having({ how: { type: 'string', enum: ['card'] } }) }, 'paid.how is never cash'],
    [
      'a closed list',
      { paid: having({ id: { type: 'string', format: 'uuid', enum: ['a'] } }) },
      'paid.id: enum is another',
    ],
    [
      'a change deep inside',
      { paid: having({ lines: { type: 'array', items: { type: 'object', required: ['sku'], properties: {} } } }) },
      'paid.lines[].sku is gone',
    ],
    ['an unknown keyword', { paid: { ...paid, additionalProperties: false } }, 'additionalProperties is another'],
  ])('%s', (_what, current, complaint) => {
    expect(brokenPromises({ paid }, current)).toEqual([expect.stringContaining(complaint)]);
  });
});

test.each<[string, Schema]>([
  ['no change', paid],
  ['a new optional field', having({ note: { type: 'string' } })],
  ['a new enumeration value', having({ how: { type: 'string', enum: ['card', 'cash', 'invoice'] } })],
  [
    'other descriptions',
    having({ id: { type: 'string', format: 'uuid', description: 'Of the payment', examples: ['x'] } }),
  ],
])('allows %s', (_what, changed) => {
  expect(brokenPromises({ paid }, { paid: changed, refunded: paid })).toEqual([]);
});

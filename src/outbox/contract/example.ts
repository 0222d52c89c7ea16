import type { TSchema } from '@sinclair/typebox';

/** A value that the schema allows, made from the examples of its fields; for an enumeration, its first value. */
export function exampleOf(schema: TSchema): unknown {
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (schema['type'] === 'array') return [exampleOf(schema['items'] as TSchema)];
  if (schema['type'] !== 'object') throw new Error(`No example for ${JSON.stringify(schema)}`);
  const fields = Object.entries(schema['properties'] as Record<string, TSchema>);
  return Object.fromEntries(fields.map(([name, field]) => [name, exampleOf(field)]));
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_DATA, EVENT_TYPES } from '../../../src/outbox/contract/event-data';
import { ENVELOPE } from '../../../src/outbox/contract/event-schema';
import { cloudEventTypeOf } from '../../../src/outbox/cloud-event';
import type { Schema } from './broken-promises';

const FOLDER = path.join(__dirname, 'released');

export type Schemas = Readonly<Record<string, Schema>>;

/** The schemas of today: the envelope and the data of each event, by the type that consumers know. */
export function currentSchemas(): Schemas {
  const events = EVENT_TYPES.map((type) => [cloudEventTypeOf(type), EVENT_DATA[type]] as const);
  return JSON.parse(JSON.stringify({ envelope: ENVELOPE, ...Object.fromEntries(events) })) as Schemas;
}

export const releaseFile = (release: string): string => path.join(FOLDER, `${release}.json`);

export const releases = (): string[] => readdirSync(FOLDER).map((file) => path.basename(file, '.json'));

export const releasedSchemas = (release: string): Schemas =>
  JSON.parse(readFileSync(releaseFile(release), 'utf8')) as Schemas;

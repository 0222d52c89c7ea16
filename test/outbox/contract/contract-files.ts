import { asyncApi } from '../../../src/outbox/contract/asyncapi';
import { EVENT_TYPES } from '../../../src/outbox/contract/event-data';
import { schemaDocumentOf } from '../../../src/outbox/contract/event-schema';

/** The generated files, by path from the root. */
export const contractFiles = (): Record<string, unknown> => ({
  'src/outbox/contract/asyncapi.json': asyncApi(),
  ...Object.fromEntries(
    EVENT_TYPES.map((type) => [
      `src/outbox/contract/schemas/${type}.json`,
      JSON.parse(JSON.stringify(schemaDocumentOf(type))),
    ]),
  ),
});

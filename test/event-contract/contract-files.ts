import { asyncApi } from '../../src/event-contract/asyncapi';
import { EVENT_TYPES } from '../../src/event-contract/event-data';
import { schemaDocumentOf } from '../../src/event-contract/event-schema';

/** The generated files, by path from the root. */
export const contractFiles = (): Record<string, unknown> => ({
  'src/event-contract/asyncapi.json': asyncApi(),
  ...Object.fromEntries(
    EVENT_TYPES.map((type) => [
      `src/event-contract/schemas/${type}.json`,
      JSON.parse(JSON.stringify(schemaDocumentOf(type))),
    ]),
  ),
});

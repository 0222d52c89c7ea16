import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** Rejects a schema with keywords it does not know. */
export const ajv = addFormats(new Ajv({ allErrors: true }));

/** Removes what the schema does not name. */
export const pruningAjv = addFormats(new Ajv({ removeAdditional: 'all' }));

/** For schemas that are not ours. */
export const lenientAjv = addFormats(new Ajv({ strict: false, allErrors: true }));

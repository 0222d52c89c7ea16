import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** Refuses a schema that says something it does not know. */
export const ajv = addFormats(new Ajv({ allErrors: true }));

/** Takes away what the schema does not name. */
export const pruningAjv = addFormats(new Ajv({ removeAdditional: 'all' }));

/** For schemas of others. */
export const lenientAjv = addFormats(new Ajv({ strict: false, allErrors: true }));

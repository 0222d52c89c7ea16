import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';

/** Tells two bodies apart without storing either; the order of fields does not matter. */
export const bodyDigest = (body: unknown): string => createHash('sha256').update(canonicalize(body)).digest('hex');

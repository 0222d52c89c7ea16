import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';

/** Tells two bodies apart without keeping either; the order of fields makes no difference. */
export const bodyDigest = (body: unknown): string => createHash('sha256').update(canonicalize(body)).digest('hex');

import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';

/**
 * SHA-256 over the RFC 8785 canonical form of a request: the order of the body's members does not matter, everything else does. `body` is
 * the parsed body before any default is filled in.
 */
export const fingerprintOf = (request: { operation: string; version: string; body: unknown }): Buffer =>
  createHash('sha256').update(canonicalize(request)).digest();

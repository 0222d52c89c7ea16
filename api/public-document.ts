import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const JSON_DOCUMENT = 'application/json; charset=utf-8';

/** The `config` of a document's route. */
export const PUBLIC_DOCUMENT = { access: 'public' as const, document: true };

/**
 * The handler of a document that stays the same until the next start. The document is made once, on the first request, so all answers share
 * its bytes. A client that has it already gets 304.
 */
export function publicDocument(contentType: string, make: () => string) {
  let made: { readonly bytes: Buffer; readonly etag: string } | undefined;
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { bytes, etag } = (made ??= bytesOf(make()));
    // A client may keep it, and must ask before using it again.
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    if (isAmong(etag, request.headers['if-none-match'])) return reply.code(304).send();
    return reply.type(contentType).send(bytes);
  };
}

function bytesOf(text: string) {
  const bytes = Buffer.from(text);
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
}

const isAmong = (etag: string, tags = ''): boolean =>
  tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);

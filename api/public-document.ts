import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const JSON_DOCUMENT = 'application/json; charset=utf-8';

/** What a route of a document says of itself. */
export const PUBLIC_DOCUMENT = { access: 'public' as const, document: true };

/**
 * The handler of a document that stays the same until the next start. It is made once, when somebody first asks, so that all its answers share
 * their bytes; whoever has it already is told so instead.
 */
export function publicDocument(contentType: string, make: () => string) {
  let made: { readonly bytes: Buffer; readonly etag: string } | undefined;
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { bytes, etag } = (made ??= bytesOf(make()));
    // To be kept, and asked about before it is used again.
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

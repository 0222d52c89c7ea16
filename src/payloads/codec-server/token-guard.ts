import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Made from 256 random bits, which nobody can guess: attempts need no rate limit. */
const TOKEN = /^[\w-]{32,128}$/;

/** The text, if it can be a token. Otherwise throws a sentence that says what to do, and never repeats the text. */
export function parseToken(text: string): string {
  if (TOKEN.test(text)) return text;
  throw new Error('CODEC_TOKEN must be 32 to 128 letters and digits: make one with `openssl rand -hex 32`');
}

/** Admits requests with the token, in the address or as a bearer token. */
export function tokenGuard(token: string) {
  const expected = digest(token);
  const isToken = (text: string | undefined) => text !== undefined && timingSafeEqual(digest(text), expected);
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const inAddress = (request.params as { token?: string }).token;
    const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    // Both are always compared: a Web UI that passes on its user's token sends that one besides ours.
    const known = [inAddress, bearer].map(isToken).includes(true);
    if (known) return;
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .send({ code: 'unauthorized', message: 'The token is missing or not valid' });
  };
}

/** A comparison in constant time needs two values of the same length. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Of 256 random bits: nobody guesses it, so nobody needs to be slowed down. */
const TOKEN = /^[\w-]{32,128}$/;

/** The text when it can be a token, or a sentence that says what to do. Never repeats it. */
export function parseToken(text: string): string {
  if (TOKEN.test(text)) return text;
  throw new Error('CODEC_TOKEN must be 32 to 128 letters and digits: make one with `openssl rand -hex 32`');
}

/** Lets those in who know the token, from the address or as a bearer. */
export function tokenGuard(token: string) {
  const expected = digest(token);
  const isToken = (text: string | undefined) => text !== undefined && timingSafeEqual(digest(text), expected);
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const inAddress = (request.params as { token?: string }).token;
    const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    // Both are compared, always: a Web UI that passes on the token of its login sends that one besides ours.
    const known = [inAddress, bearer].map(isToken).includes(true);
    if (known) return;
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .send({ code: 'unauthorized', message: 'The token is missing or not valid' });
  };
}

/** Of one length, whatever was sent, which is what a comparison in constant time needs. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

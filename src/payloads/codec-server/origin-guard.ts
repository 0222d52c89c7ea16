import type { FastifyReply, FastifyRequest } from 'fastify';

/** What the Web UI sends; the last two if it passes on its user's tokens. */
const ALLOWED_HEADERS = 'content-type, x-namespace, authorization, authorization-extras';
const PREFLIGHT_SECONDS = '600';

/** The origins of `CODEC_ORIGIN`, separated by commas, as browsers write them. */
export function parseOrigins(text: string): readonly string[] {
  if (text === '') return [];
  return text.split(',').map((entry) => {
    const origin = entry.trim();
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Error(`CODEC_ORIGIN has "${origin}", which is not an origin: write it like http://127.0.0.1:8233`);
    }
    return origin;
  });
}

/** Refuses pages of other origins, and answers preflight requests. Only browsers send an origin. */
export function originGuard(origins: readonly string[]) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin } = request.headers;
    if (origin === undefined) return;
    if (!origins.includes(origin)) {
      return reply.code(403).send({ code: 'forbidden', message: 'This origin is not that of the Web UI' });
    }
    reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' });
    if (request.method !== 'OPTIONS') return;
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': ALLOWED_HEADERS,
        'access-control-max-age': PREFLIGHT_SECONDS,
      })
      .send();
  };
}

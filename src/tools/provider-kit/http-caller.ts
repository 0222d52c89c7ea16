import { request } from 'undici';
import { signatureHeaders } from '../../webhooks/signature';

const LIMIT_MS = 10_000;

export interface RawCall {
  readonly method?: 'GET' | 'POST';
  /** After `/provider/v1/<role>`. */
  readonly path: string;
  readonly key?: string;
  readonly body?: string;
  readonly signature?: Readonly<Record<string, string>>;
}

/** Calls a provider as no adapter would. */
export interface HttpCaller {
  readonly signs: boolean;
  /** The status of the answer. */
  status(call: RawCall): Promise<number>;
  /** The headers of a signed call: that long ago, with that secret. None where there is no secret. */
  signature(
    id: string,
    body: string,
    how?: { readonly ageMs?: number; readonly secret?: string },
  ): Record<string, string>;
}

export const httpCaller = (roleUrl: string, secret: string | undefined): HttpCaller => ({
  signs: secret !== undefined,

  async status({ method = 'POST', path, key, body, signature = {} }) {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...signature,
    };
    const answer = await request(`${roleUrl}${path}`, {
      ...{ method, headers, headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS },
      ...(body === undefined ? {} : { body }),
    });
    await answer.body.dump();
    return answer.statusCode;
  },

  signature(id, body, { ageMs = 0, secret: signing = secret } = {}) {
    if (signing === undefined) return {};
    // eslint-disable-next-line no-restricted-syntax -- the provider compares it with its own clock
    const at = new Date(Date.now() - ageMs);
    return signatureHeaders(signing, { id, at, body });
  },
});

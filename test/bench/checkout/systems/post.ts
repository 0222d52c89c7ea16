import { request } from 'node:http';
import type { Agent } from 'node:http';
import { aRequest } from '../../../support/builders';

const BODY = JSON.stringify(aRequest());

interface Post {
  readonly api: string;
  readonly agent: Agent;
  readonly id: string;
  /** Expected statuses. */
  readonly expect: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Places a checkout and returns the status of the answer. Rejects if it is unexpected. */
export const post = ({ api, agent, id, expect, headers }: Post): Promise<number> =>
  new Promise((resolve, reject) => {
    const own = {
      authorization: 'Bearer sk_sandbox_acme',
      'content-type': 'application/json',
      'idempotency-key': id,
      ...headers,
    };
    const call = request(`${api}/v1/checkouts`, { method: 'POST', agent, headers: own }, (response) => {
      response.resume().once('end', () => {
        const { statusCode: status = 0 } = response;
        if (expect.includes(status)) resolve(status);
        else reject(new Error(`A checkout got status ${status}`));
      });
    });
    call.once('error', reject);
    call.end(BODY);
  });

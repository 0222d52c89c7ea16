import { SANDBOX_API_KEYS } from '../../../domain/api-keys';
import type { Scene } from '../scene';
import { withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkAnswers } from './check-answers';
import type { Ask } from './judge-replay';
import { newestClaims, readClaims } from './read-claims';

const ANSWER_TIMEOUT_MS = 10_000;

/** P8, on a live system. Only keys that have a claim are sent again, and those start nothing. */
export async function answers({ db, connections, sample }: Scene): Promise<Verdict> {
  const { api } = connections;
  const verdict = await checkAnswers({
    claimed: readClaims(db),
    sample: api === undefined ? [] : await newestClaims(db, sample),
    askAs: (tenant) => asker(api, tenant),
  });
  if (api === undefined)
    return withUnseen(verdict, connections, ['replayed answers: the API was not named: give --api']);
  return { ...verdict, notes: [...verdict.notes, `the newest ${sample} keys were sent to the API again`] };
}

/** For the sandbox's tenants only: a request from any tenant but the claim's would start a new order. */
function asker(api: string | undefined, tenant: string): Ask | undefined {
  const apiKey = Object.entries(SANDBOX_API_KEYS).find(([, caller]) => caller.tenant === tenant)?.[0];
  if (api === undefined || apiKey === undefined) return undefined;
  return async ({ key, body, wait }) => {
    const response = await fetch(`${api}/v1/checkouts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(wait && { prefer: 'wait=1' }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return { status: response.status, replayed, body: Buffer.from(await response.arrayBuffer()) };
  };
}

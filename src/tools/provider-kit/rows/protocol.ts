import { callId } from '../../../adapters/http/protocol/protocol';
import type { Row } from '../../suite/row';
import { NotObserved, must } from '../../suite/violation';
import type { Bench } from '../bench';
import { orderOf } from '../calls-of';
import type { KitRole } from '../calls-of';
import type { HttpCaller } from '../http-caller';

/** Older than the five minutes for which a signature is good. */
const STALE_MS = 10 * 60_000;
/** Of nobody: 24 bytes in base64, as a secret has. */
const ANOTHER_SECRET = 'whsec_bm90LXRoZS1zZWNyZXQtb2YtdGhlLWtpdA==';

const UNDO_VERB: Readonly<Record<KitRole, string>> = {
  payments: 'void',
  inventory: 'release',
  warehouse: 'cancel',
  mail: 'send-cancellation',
  loyalty: 'revoke',
  carrier: 'void',
};

/** An undo of a key that was never used: whatever becomes of it, nothing is done. */
function harmlessCall({ role, given: { to }, newKey }: Bench) {
  const key = newKey();
  const verb = UNDO_VERB[role];
  const body = JSON.stringify(role === 'mail' ? { to, orderId: orderOf(key) } : {});
  return { key, path: `/${verb}`, body, id: callId(role, verb, key) };
}

function overHttp({ http }: Bench): HttpCaller {
  if (http === undefined) throw new Error('There is no line to the provider');
  return http;
}

function signedOverHttp(bench: Bench): HttpCaller {
  const http = overHttp(bench);
  if (!http.signs) throw new NotObserved('give --secret');
  return http;
}

/** The status of the answer to a call without a signature. */
export const unsignedStatus = async (bench: Bench): Promise<number> => overHttp(bench).status(harmlessCall(bench));

const mustRefuse = (status: number) => must(status >= 400 && status < 500, `expected a 4xx, got ${status}`);

const present: Row<Bench> = {
  row: 'presence',
  checks: [
    {
      says: 'a GET of the role answers 204',
      run: async (bench) => {
        const status = await overHttp(bench).status({ method: 'GET', path: '' });
        must(status === 204, `expected 204, got ${status}`);
      },
    },
  ],
};

const signature: Row<Bench> = {
  row: 'signature',
  checks: [
    {
      says: 'a signed call is accepted',
      run: async (bench) => {
        const http = signedOverHttp(bench);
        const { id, ...call } = harmlessCall(bench);
        const status = await http.status({ ...call, signature: http.signature(id, call.body) });
        must(status === 200, `expected 200, got ${status}`);
      },
    },
    {
      says: 'a call without one is refused',
      run: async (bench) => {
        signedOverHttp(bench);
        mustRefuse(await unsignedStatus(bench));
      },
    },
    {
      says: 'one with another secret is refused',
      run: async (bench) => {
        const http = signedOverHttp(bench);
        const { id, ...call } = harmlessCall(bench);
        const forged = http.signature(id, call.body, { secret: ANOTHER_SECRET });
        mustRefuse(await http.status({ ...call, signature: forged }));
      },
    },
    {
      says: 'one of another body is refused',
      run: async (bench) => {
        const http = signedOverHttp(bench);
        const { id, ...call } = harmlessCall(bench);
        mustRefuse(await http.status({ ...call, signature: http.signature(id, `${call.body} `) }));
      },
    },
    {
      says: 'one of another key is refused',
      run: async (bench) => {
        const http = signedOverHttp(bench);
        const { id, ...call } = harmlessCall(bench);
        mustRefuse(await http.status({ ...call, key: bench.newKey(), signature: http.signature(id, call.body) }));
      },
    },
    {
      says: 'one that is ten minutes old is refused',
      run: async (bench) => {
        const http = signedOverHttp(bench);
        const { id, ...call } = harmlessCall(bench);
        mustRefuse(await http.status({ ...call, signature: http.signature(id, call.body, { ageMs: STALE_MS }) }));
      },
    },
  ],
};

const notACall: Row<Bench> = {
  row: 'what is not a call',
  checks: [
    {
      says: 'no key is refused',
      run: async (bench) => {
        const http = overHttp(bench);
        const { id, path, body } = harmlessCall(bench);
        mustRefuse(await http.status({ path, body, signature: http.signature(id, body) }));
      },
    },
    {
      says: 'an unknown verb is refused',
      run: async (bench) => {
        const http = overHttp(bench);
        const { key, body } = harmlessCall(bench);
        const verb = 'do-nothing';
        const signed = http.signature(callId(bench.role, verb, key), body);
        mustRefuse(await http.status({ key, body, path: `/${verb}`, signature: signed }));
      },
    },
  ],
};

export const protocolRows: readonly Row<Bench>[] = [present, signature, notACall];

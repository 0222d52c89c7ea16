import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { callId, rolePath } from '../../../../src/adapters/http/protocol/protocol';
import type { Planted } from './planted';
import { Refused, Vendor } from './vendor';

export const SECRET = 'whsec_cHJvdmlkZXIta2l0LXByb3ZpZGVyLWtpdC0wMQ==';
const PATH = rolePath('payments');
const APPROVAL = /^\/([0-9a-f-]+)\/approve$/;

/** A payment processor that speaks the HTTP provider protocol and has one fault, or none. Close it when done. */
export async function faultyProvider(fault?: Planted): Promise<{ readonly url: string; readonly close: () => void }> {
  const vendor = new Vendor(fault);

  async function answer(request: IncomingMessage, gone: () => boolean): Promise<[status: number, answer?: object]> {
    if (request.method === 'GET') return [fault === 'is not there' || request.url !== PATH ? 404 : 204];
    const [, page] = APPROVAL.exec(request.url ?? '') ?? [];
    if (page !== undefined) return [200, { approved: vendor.approve(page) }];
    const verb = request.url?.slice(PATH.length + 1) ?? '';
    const key = request.headers['idempotency-key'];
    const body = await text(request);
    if (key === undefined) return fault === 'takes calls without a key' ? [200, { outcome: 'closed' }] : [400];
    if (!isSigned(request, callId('payments', verb, String(key)), body, fault)) return [401];
    const caller = { gone, origin: `http://${request.headers.host}` };
    return [200, await vendor.perform(verb, String(key), JSON.parse(body) as Record<string, unknown>, caller)];
  }

  const server = createServer((request, response) => {
    void answer(request, () => request.socket.destroyed)
      .catch((error: unknown) => [error instanceof Refused ? error.status : 500] as [number, object?])
      .then(([status, told]) => {
        response.writeHead(status, told ? { 'content-type': 'application/json' } : {});
        response.end(told && JSON.stringify(told));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isSigned({ headers }: IncomingMessage, id: string, body: string, fault?: Planted): boolean {
  if (fault === 'believes anybody') return true;
  const given = headers as Record<string, string>;
  if (given['webhook-id'] !== id) return false;
  if (fault === 'trusts old signatures') {
    const at = new Date(Number(given['webhook-timestamp']) * 1_000);
    return given['webhook-signature'] === new Webhook(SECRET).sign(id, at, body);
  }
  try {
    new Webhook(SECRET).verify(body, given);
    return true;
  } catch {
    return false;
  }
}

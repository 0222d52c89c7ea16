import { Webhook } from 'standardwebhooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callId } from '../../adapters/http/protocol/protocol';
import { isNestedDeeply, nestedDeeply } from '../../contract/nesting';

const UNSIGNED = { statusCode: 401, code: 'unsigned' };

/** From here on a scope takes only calls that are signed with this secret, for this role, verb and key. */
export function checkSignatures(app: FastifyInstance, { secret, role }: { secret: string; role: string }): void {
  const webhook = new Webhook(secret);
  const parse = app.getDefaultJsonParser('error', 'error');
  const isSigned = ({ headers, routeOptions }: FastifyRequest, text: string): boolean => {
    const verb = routeOptions.url?.split('/').at(-1) ?? '';
    if (headers['webhook-id'] !== callId(role, verb, String(headers['idempotency-key']))) return false;
    try {
      webhook.verify(text, headers as Record<string, string>, { jsonParse: false });
      return true;
    } catch {
      // Missing, forged or stale: all the same to whoever sent it.
      return false;
    }
  };
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    if (!isSigned(request, text)) done(Object.assign(new Error('The call is not signed, or not in time'), UNSIGNED));
    else if (isNestedDeeply(text)) done(nestedDeeply());
    else void parse(request, text, done);
  });
}

import { Type } from '@sinclair/typebox';
import { adapter, httpUrl, secret } from '../adapter';
import type { Adapter, Lent } from '../adapter';
import { HTTP_PORTS } from './http-ports';
import { expectPresence } from './presence';
import type { ProtocolRole } from './protocol/protocol';
import type { HttpSettings } from './settings';
import { standardWebhooks } from './standard-webhooks';

const signing = secret({
  pattern: '^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$',
  says: '`whsec_` and at least 24 random bytes in base64, such as `echo "whsec_$(openssl rand -base64 32)"` makes',
});

const HTTP = Type.Object({ url: httpUrl(), secret: signing }, { additionalProperties: false });
const SANDBOX = Type.Object({ url: httpUrl(), secret: Type.Optional(signing) }, { additionalProperties: false });

const connect = <R extends ProtocolRole>(role: R, settings: HttpSettings, { now }: Lent) =>
  Object.assign(HTTP_PORTS[role](settings, now ? { now } : {}), { reach: () => expectPresence(settings.url, role) });

/** Any provider that speaks our HTTP protocol. */
export const http = <R extends ProtocolRole>(role: R): Adapter<R> =>
  adapter<R, typeof HTTP>(HTTP, (settings, lent) => connect(role, settings, lent), standardWebhooks);

/** The sandbox speaks it, and needs no secret: it listens on loopback only. */
export const sandbox = <R extends ProtocolRole>(role: R): Adapter<R> =>
  adapter<R, typeof SANDBOX>(SANDBOX, (settings, lent) => connect(role, settings, lent), standardWebhooks);

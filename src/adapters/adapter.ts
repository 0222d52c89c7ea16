import { Type } from '@sinclair/typebox';
import type { Static, StringOptions, TObject } from '@sinclair/typebox';
import type { Webhooks } from '../ports/notice';
import type { Ports, Role } from '../ports/providers';
import type { Database } from '../postgres/database';

/** What an adapter may use of its process. */
export interface Lent {
  readonly db: Database;
  /** The time to sign calls with; without it, the host's. */
  readonly now?: () => Date;
}

/** A port with its provider behind it, for as long as the process runs. */
export type Connection<R extends Role> = Ports[R] & {
  /** Throws a sentence if the provider cannot be reached. */
  reach?(): Promise<void>;
  close?(): Promise<void> | void;
};

/** How to connect a vendor's providers of one role. */
export interface Adapter<R extends Role> {
  /** The settings that an entry of `PROVIDERS_FILE` gives it; secrets in them are marked with `secret()`. */
  readonly settings: TObject;
  create(settings: object, lent: Lent): Connection<R> | Promise<Connection<R>>;
  /** Absent if its providers write nothing to us. */
  readonly webhooks?: Webhooks;
}

/** `create` gets the settings after they have been checked, with the secrets in plain text. It connects to nothing yet. */
export const adapter = <R extends Role, Settings extends TObject>(
  settings: Settings,
  create: (settings: Static<Settings>, lent: Lent) => Connection<R> | Promise<Connection<R>>,
  webhooks?: Webhooks,
): Adapter<R> => ({ settings, create, ...(webhooks && { webhooks }) });

/** In the file it has to be `{ "env": … }` or `{ "file": … }`. */
export const secret = (options: StringOptions = {}) => Type.String({ minLength: 1, ...options, secret: true });

/** `http` or `https`, without a user or password. */
export const httpUrl = () =>
  Type.String({
    pattern: '^https?://[^\\s/?#@]+([/?#]\\S*)?$',
    says: 'an http or https address without user and password',
  });

import { CARRIER } from './carrier';
import { INVENTORY } from './inventory';
import { LOYALTY } from './loyalty';
import { MAIL } from './mail';
import { PAYMENTS } from './payments';
import type { Verb } from './verb';
import { WAREHOUSE } from './warehouse';

/** The verbs of each role of the HTTP provider protocol, version 1. Only optional fields, verbs and outcomes are ever added: no provider has to give a new answer. */
export const PROTOCOL = {
  payments: PAYMENTS,
  inventory: INVENTORY,
  warehouse: WAREHOUSE,
  mail: MAIL,
  loyalty: LOYALTY,
  carrier: CARRIER,
} as const;

export type ProtocolRole = keyof typeof PROTOCOL;
export type VerbOf<R extends ProtocolRole> = keyof (typeof PROTOCOL)[R] & string;

export type VerbAt<R extends ProtocolRole, V extends VerbOf<R>> = (typeof PROTOCOL)[R][V] extends infer Known extends
  Verb
  ? Known
  : never;

/** `GET` here answers 204 while the role is served. */
export const rolePath = (role: ProtocolRole): string => `/provider/v1/${role}`;

export const verbPath = <R extends ProtocolRole>(role: R, verb: VerbOf<R>): string => `${rolePath(role)}/${verb}`;

/** `<checkout id>:<step>`, in the `Idempotency-Key` header. One sent twice arrives joined by a comma, which does not match. */
export const KEY_PATTERN = '^[A-Za-z0-9_.-]{1,200}:[a-z-]{1,50}$';

/**
 * The `webhook-id` of a signed call. The signature covers body and id only: with role, verb and key in the id, a recorded call is good for
 * nothing else. So whoever checks the signature checks the id, too.
 */
export const callId = (role: string, verb: string, key: string): string => `${role}/${verb}/${key}`;

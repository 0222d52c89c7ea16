import type { Ports, Role } from '../ports/providers';

/** What each port has, and whether an adapter must have it. */
const VERBS: { readonly [R in Role]: Readonly<Record<keyof Ports[R], boolean>> } = {
  payments: { authorize: true, find: false, void: true, capture: true, refund: true },
  inventory: { reserve: true, find: false, release: true, commit: true, own: false },
  warehouse: { trigger: true, find: false, cancel: true },
  mail: { sendConfirmation: true, sendCancellation: true, sendRefundNotice: true },
  loyalty: { award: true, revoke: true },
  carrier: { generateLabel: true, find: false, voidLabel: true },
  pricing: { quote: true },
};

export const requiredVerbs = (role: Role): string[] =>
  Object.entries(VERBS[role]).flatMap(([verb, isRequired]) => (isRequired ? [verb] : []));

import type { CheckoutRequest } from '../../src/domain/order';
import { aRequest } from '../support/builders';
import { Draws } from './draws';

export interface PlannedOrder {
  readonly key: string;
  readonly tenant: 'acme' | 'globex';
  readonly request: CheckoutRequest;
  /** The customer cancels immediately. */
  readonly cancel: boolean;
}

type Kind = { readonly share: number; readonly cancel?: true; readonly request: Partial<CheckoutRequest> };

const { shippingAddress } = aRequest();
const token = (name: string): Partial<CheckoutRequest> => ({ payment: { token: name } });

/** The kinds of orders and their shares: most are good, and every way to end occurs. */
const KINDS: readonly Kind[] = [
  { share: 0.76, request: token('tok_visa') },
  { share: 0.06, request: token('tok_declined') },
  { share: 0.04, request: { items: [{ sku: 'SOLD-OUT', quantity: 1 }] } },
  { share: 0.04, request: { shippingAddress: { ...shippingAddress, postalCode: '00000' } } },
  { share: 0.04, request: token('tok_flaky') },
  { share: 0.03, request: token('tok_lost_answer') },
  { share: 0.03, request: token('tok_visa'), cancel: true },
];
const SKUS = ['MUG-BLUE', 'TEE-BLACK', 'POSTER-A2'] as const;
const MOST_OF_A_SKU = 3;
const ACME = 0.7;

export function planOrder(seed: number, number: number): PlannedOrder {
  const draws = new Draws(seed, `order ${number}`);
  const { request, cancel = false } = kindAt(draws.next());
  const sku = SKUS[Math.floor(draws.next() * SKUS.length)] ?? SKUS[0];
  const items = [{ sku, quantity: 1 + Math.floor(draws.next() * MOST_OF_A_SKU) }];
  const tenant = draws.next() < ACME ? 'acme' : 'globex';
  return { key: `proof-${seed}-${number}`, tenant, cancel, request: aRequest({ items, ...request }) };
}

function kindAt(drawn: number): Kind {
  let below = 0;
  const kind = KINDS.find(({ share }) => drawn < (below += share));
  if (!kind) throw new Error(`The shares of the kinds of orders do not add up to 1: ${drawn}`);
  return kind;
}

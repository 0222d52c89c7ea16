import { CURRENCY_EXPONENTS } from '../../domain/currencies';
import { isRecord } from '../terminal/is-record';

/** An item of `GET /v1/ops/attention`: something that waits for an operator. */
export interface AttentionItem {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly step: string;
  /** `undo`: parked; `step`: still being retried. */
  readonly kind: string;
  readonly why: string;
  readonly since: string;
  /** Minor units; null while the cart has no price. */
  readonly amount: number | null;
  readonly currency: string;
}

const TEXTS = ['checkoutId', 'tenant', 'step', 'kind', 'why'] as const;

/** Checked, because another program may be at this address. */
export const isAttentionItem = (value: unknown): value is AttentionItem =>
  isRecord(value) &&
  TEXTS.every((name) => typeof value[name] === 'string') &&
  typeof value.since === 'string' &&
  !Number.isNaN(Date.parse(value.since)) &&
  (value.amount === null || Number.isSafeInteger(value.amount)) &&
  typeof value.currency === 'string' &&
  Object.hasOwn(CURRENCY_EXPONENTS, value.currency);

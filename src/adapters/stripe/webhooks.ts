import type { Notice, Webhooks } from '../../ports/notice';
import { KEY_IN_METADATA } from './intents';
import { stripeLibrary } from './library';

/** The caller compares the moment, by a clock that can be relied on. */
const ANY_AGE = 0;
const MOMENT = /^t=(\d{1,12})$/;

/** Stripe's events, about payments and what belongs to them. */
export const stripeWebhooks: Webhooks = {
  signedWith: 'webhookSecret',
  expectReady: () => void stripeLibrary(),

  read(secret, { 'stripe-signature': header }, bytes) {
    const signedAt = typeof header === 'string' ? momentIn(header) : undefined;
    if (typeof header !== 'string' || signedAt === undefined) return undefined;
    const event = eventIn(bytes, header, secret);
    return event && noticeOf(event, signedAt);
  },
};

/** The library takes the last moment of several, so there must be one: otherwise an old letter could be passed off as a new one. */
function momentIn(header: string): number | undefined {
  const [moment, ...others] = header.split(',').filter((part) => part.startsWith('t='));
  const [, seconds] = MOMENT.exec(moment ?? '') ?? [];
  return seconds === undefined || others.length > 0 ? undefined : Number(seconds);
}

type Fields = Readonly<Record<string, unknown>>;

function eventIn(bytes: Buffer, header: string, secret: string): Fields | undefined {
  const { webhooks } = stripeLibrary();
  try {
    return webhooks.constructEvent(bytes, header, secret, ANY_AGE) as unknown as Fields;
  } catch {
    // Forged, or not JSON.
    return undefined;
  }
}

function noticeOf({ id, account, data }: Fields, signedAt: number): Notice | undefined {
  if (typeof id !== 'string') return undefined;
  const about = fieldsOf(fieldsOf(data)['object']);
  const key = fieldsOf(about['metadata'])[KEY_IN_METADATA];
  // A charge or a refund names its payment.
  const reference = about['object'] === 'payment_intent' ? about['id'] : about['payment_intent'];
  return {
    ...{ id, signedAt },
    ...(typeof key === 'string' && { key }),
    ...(typeof reference === 'string' && { reference }),
    ...(typeof account === 'string' && { account }),
  };
}

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

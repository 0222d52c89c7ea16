import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** The three headers of Standard Webhooks. */
export interface Signature {
  readonly id: string;
  /** Seconds. */
  readonly timestamp: number;
  /** One or more, separated by spaces: while its secret changes, a sender signs with both. */
  readonly signature: string;
}

const MS_IN_A_SECOND = 1_000;

/** Whether these bytes were signed with this secret. Says nothing about how long ago that was. */
export function isSigned(secret: string, { id, timestamp, signature }: Signature, bytes: Buffer): boolean {
  const expected = Buffer.from(new Webhook(secret).sign(id, new Date(timestamp * MS_IN_A_SECOND), bytes.toString()));
  return signature.split(' ').some((each) => {
    const given = Buffer.from(each);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

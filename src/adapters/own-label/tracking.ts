import { createHash } from 'node:crypto';

/** Digits need half the bars in Code 128, and twenty of them are enough for billions of labels. */
const DIGITS = 20;
const BITS = 80n;

/** Made of the key alone: a label that is drawn again is the same label. */
export function namesOf(key: string): { reference: string; trackingNumber: string } {
  const digest = createHash('sha256').update(`own-label ${key}`).digest('hex');
  const number = BigInt(`0x${digest}`) >> (256n - BITS);
  const digits = (number % 10n ** BigInt(DIGITS)).toString().padStart(DIGITS, '0');
  return { reference: `label_${digest.slice(-20)}`, trackingNumber: `DC${digits}` };
}

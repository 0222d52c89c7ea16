import type { Mailer } from '../../ports/mailer';
import { inMinorUnits } from './in-minor-units';
import { parcels } from './parcels';
import { ProviderClient } from './provider-client';
import type { HttpSettings, HttpSurroundings } from './settings';

/** `Mailer` over the HTTP provider protocol. */
export function httpMail(settings: HttpSettings, surroundings?: HttpSurroundings): Mailer {
  const client = new ProviderClient('mail', settings, surroundings);
  return {
    sendConfirmation: ({ key, lines, total, ...letter }) =>
      client.call('send-confirmation', key, { ...letter, total: inMinorUnits(total), lines: parcels(lines) }),
    sendCancellation: async ({ key, ...letter }) => void (await client.call('send-cancellation', key, letter)),
    sendRefundNotice: ({ key, amount, ...letter }) =>
      client.call('send-refund-notice', key, { ...letter, ...inMinorUnits(amount) }),
  };
}

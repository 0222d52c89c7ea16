import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';

const address = { name: 'Lovelace', line1: '12 Square', city: 'C', postalCode: 'P', country: 'GB' };
const amount = { minor: 3000n, currency: 'USD' };
const lines = [{ sku: 'MUG-BLUE', quantity: 1, name: 'Blue mug' }];
const letter = { to: 'ada@example.com', orderId: 'chk_1' };

/** What is sent about a customer: it must be in no error. */
export const SENT_IN_CONFIDENCE = ['tok_secret_9', 'ada@example.com', 'Lovelace', 'Square', '+44 20', 'cus_42'];

/** One call of each verb, to a provider at this address. */
export function everyCall(
  url: string,
  { timeoutMs, ...secret }: { timeoutMs?: number; secret?: string } = {},
): Promise<unknown>[] {
  const key = 'chk_1:step';
  const settings = { url, ...secret };
  const more = timeoutMs === undefined ? {} : { timeoutMs };
  const payments = HTTP_PORTS.payments(settings, more);
  const inventory = HTTP_PORTS.inventory(settings, more);
  const warehouse = HTTP_PORTS.warehouse(settings, more);
  const mail = HTTP_PORTS.mail(settings, more);
  const loyalty = HTTP_PORTS.loyalty(settings, more);
  const carrier = HTTP_PORTS.carrier(settings, more);
  const parcel = { address, phone: '+44 20', lines };
  return [
    payments.authorize({ key, amount, token: 'tok_secret_9' }),
    payments.void({ key }),
    payments.capture({ key, amount }),
    payments.refund({ key, amount, refund: 'ref_1' }),
    payments.find?.({ key, amount }),
    inventory.reserve({ key, lines: [{ sku: 'MUG-BLUE', quantity: 1 }] }),
    inventory.find?.({ key }),
    inventory.release({ key }),
    inventory.commit({ key }),
    warehouse.trigger({ key, ...parcel }),
    warehouse.find?.({ key }),
    warehouse.cancel({ key }),
    mail.sendConfirmation({ key, ...letter, name: 'Lovelace', total: amount, lines }),
    mail.sendCancellation({ key, ...letter }),
    mail.sendRefundNotice({ key, ...letter, refund: 'ref_1', amount }),
    loyalty.award({ key, orderId: 'chk_1', customerId: 'cus_42', total: amount }),
    loyalty.revoke({ key }),
    carrier.generateLabel({ key, orderId: 'chk_1', ...parcel, value: amount }),
    carrier.find?.({ key }),
    carrier.voidLabel({ key }),
  ].map((call) => Promise.resolve(call));
}

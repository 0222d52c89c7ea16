import { randomUUID } from 'node:crypto';
import type { CheckoutRequest } from '../../domain/order';
import type { CartLine } from '../terminal/arguments';
import { EXIT, exitCodeOf } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { Problem } from '../terminal/problem';
import type { Session } from './session';
import { follow } from './watch';

export interface PlaceOptions {
  readonly sku?: readonly CartLine[];
  readonly token: string;
  readonly key?: string;
  readonly currency: string;
  readonly postalCode: string;
  readonly expectedTotal?: number;
  readonly watch?: boolean;
}

/** Places an order for a made-up customer. The key is always printed: with it the call can be repeated. */
export async function place(session: Session, options: PlaceOptions): Promise<ExitCode> {
  const { api, output } = session;
  const key = options.key ?? randomUUID();
  let id: string | undefined;
  try {
    const { acceptance, replayed } = await api.place(requestOf(options), key);
    id = acceptance.id;
    output.say(
      `${replayed ? 'Found     ' : 'Accepted  '}${id}${replayed ? '  (this key had already started it)' : ''}`,
    );
    output.say(`State     ${acceptance.state}`);
    output.say(`Key       ${key}`);
    output.say(`Watch     npx durable-checkout watch ${id}${session.reach}`);
    if (!options.watch) {
      output.answer({ ...acceptance, key, replayed });
      return EXIT.asPromised;
    }
    output.say('');
    const last = await follow(session, id, { known: true });
    output.answer({ ...last, key, replayed });
    return exitCodeOf(last.state);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { key, ...(id === undefined ? {} : { id }) });
    output.complain(`To repeat this call without ordering twice: --key ${key}`);
    return code;
  }
}

const requestOf = (options: PlaceOptions): CheckoutRequest => ({
  customer: { id: 'cus_cli', email: 'ada@example.com' },
  items: options.sku ?? [{ sku: 'MUG-BLUE', quantity: 1 }],
  currency: options.currency,
  payment: { token: options.token },
  shippingAddress: {
    name: 'Ada Lovelace',
    line1: "12 St James's Sq",
    city: 'London',
    postalCode: options.postalCode,
    country: 'GB',
  },
  ...(options.expectedTotal === undefined ? {} : { expectedTotal: options.expectedTotal }),
});

import { randomUUID } from 'node:crypto';
import type { CheckoutRequest } from '../../domain/order';
import { cartLine, headerText, wholeNumber } from '../terminal/arguments';
import type { CartLine } from '../terminal/arguments';
import { EXIT, exitCodeOf } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { repeatable } from './repeatable';
import type { CommandGroup, CommonOptions, Session } from './session';
import { objectOf, text } from './shape';
import { follow } from './watch';

interface PlaceOptions {
  readonly sku?: readonly CartLine[];
  readonly token: string;
  readonly key?: string;
  readonly currency: string;
  readonly postalCode: string;
  readonly expectedTotal?: number;
  readonly watch?: boolean;
}

const acceptanceShape = objectOf({ id: text, state: text });

export function addPlace({ command, act }: CommandGroup): void {
  command('place', 'place an order for a made-up customer')
    .option('--sku <sku[:quantity]>', 'what to order; may be repeated (default: MUG-BLUE)', cartLine)
    .option('--token <token>', 'payment token', 'tok_visa')
    .option('--key <key>', 'Idempotency-Key (default: a new random one)', headerText)
    .option('--currency <code>', 'ISO 4217 code', 'USD')
    .option('--postal-code <code>', 'where to ship to', 'SW1Y 4JH')
    .option('--expected-total <minor>', 'refuse any other total; in minor units, 3000 for USD 30.00', wholeNumber)
    .option('--watch', 'follow the order until it ends')
    .action((options: CommonOptions & PlaceOptions) => act(options, (session) => place(session, options)));
}

/** Places an order for a made-up customer. The key is always printed: with it the call can be repeated. */
async function place(session: Session, options: PlaceOptions): Promise<ExitCode> {
  const { api, output } = session;
  const { key = randomUUID() } = options;
  let id: string | undefined;
  const facts = () => (id === undefined ? {} : { id });
  return repeatable(output, { key, twice: 'ordering', facts }, async () => {
    const posted = { body: requestOf(options), key };
    const { answer: acceptance, replayed } = await api.post('/v1/checkouts', acceptanceShape, posted);
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
  });
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

import { ProviderFault } from '../../ports/provider-fault';

/** What the verbs of a step may answer. Those that undo answer nothing. */
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  authorize: ['authorized', 'declined', 'customer-action', 'pending', 'blocked'],
  reserve: ['reserved', 'out-of-stock', 'blocked'],
  award: ['awarded', 'blocked'],
  quote: ['quoted', 'unknown-sku', 'other-currency'],
  capture: ['captured', 'rejected'],
  refund: ['refunded', 'rejected'],
  trigger: ['triggered', 'accepted', 'refused', 'blocked'],
  sendConfirmation: ['sent', 'blocked'],
  sendRefundNotice: ['sent', 'blocked'],
  generateLabel: ['generated', 'undeliverable', 'blocked'],
};

/** Verbs about which `find` can be asked: those that act, once for each key. */
const CAN_BE_FOUND: readonly string[] = ['authorize', 'trigger', 'reserve', 'generateLabel'];

export interface Answer {
  readonly outcome?: string;
}
export interface Request {
  readonly key: string;
}
export type Verb = (request: Request) => Promise<Answer | undefined>;

/** A port as this room sees it: verbs by name. */
export type Verbs = Readonly<Record<string, Verb | undefined>>;

/** The verb itself, with `find` before it where that was asked for and the adapter has it. It acts if the provider has not seen the key. */
export function asking(port: Verbs, verb: string, { first }: { readonly first: boolean }): Verb {
  const act: Verb = async (request) => usable(verb, await port[verb]?.(request));
  if (!first || !port['find'] || !CAN_BE_FOUND.includes(verb)) return act;
  return async (request) => {
    const found = await port['find']?.(request);
    return found?.outcome === 'unseen' ? act(request) : usable(verb, found);
  };
}

/** An adapter of a team's own may answer anything. What is no answer may have acted. */
function usable(verb: string, answer: Answer | undefined): Answer | undefined {
  const known = OUTCOMES[verb];
  if (!known || (answer?.outcome !== undefined && known.includes(answer.outcome))) return answer;
  throw new ProviderFault('unknown-outcome', `The answer to ${verb} has an outcome that we do not know`);
}

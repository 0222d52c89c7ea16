import { ProviderFault } from '../../ports/provider-fault';
import { TookTooLong } from '../../runtime/time-limit';
import { NotObserved, Violation, must } from '../suite/violation';
import type { Bench } from './bench';
import type { Told } from './step-calls';

/** For sentences: `authorized auth_5d0c`, `blocked`. */
const shortly = ({ outcome, reference }: Told): string =>
  reference === undefined ? outcome : `${outcome} ${reference}`;

/** The step is done; returns the provider's reference. */
export function mustBeDone({ calls: { done } }: Bench, told: Told): string {
  must(done.includes(told.outcome), `expected ${done.join(' or ')}, got ${shortly(told)}`);
  const { reference } = told;
  must(typeof reference === 'string' && reference !== '', `${told.outcome} has no reference`);
  return reference;
}

export function mustBeSame(told: Told, first: Told): void {
  const same = told.outcome === first.outcome && told.reference === first.reference;
  must(same, `expected ${shortly(first)} again, got ${shortly(told)}`);
}

function mustNotBeDone({ calls: { done } }: Bench, told: Told, when: string): void {
  must(!done.includes(told.outcome), `${when}: ${shortly(told)}`);
}

/** The key was undone, and is refused for ever. */
export async function mustBeUndone(bench: Bench, key: string): Promise<void> {
  const late = await bench.calls.act(key);
  must(late.outcome === 'blocked', `a call after the undo: expected blocked, got ${shortly(late)}`);
  if (bench.calls.find) mustNotBeDone(bench, await bench.calls.find(key), 'find after the undo');
}

/** Nothing was done, and it said so: with one of the outcomes, or by refusing the call. A provider that is away has said nothing. */
export async function mustNotAct(call: Promise<Told>, ...outcomes: string[]): Promise<void> {
  const told = await refusedOr(call);
  if (told)
    must(outcomes.includes(told.outcome), `expected ${[...outcomes, 'a fault'].join(' or ')}, got ${shortly(told)}`);
}

/** The answer, or nothing if the call was refused. */
export async function refusedOr<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const away = error instanceof TookTooLong || (error instanceof ProviderFault && error.isAway);
    if (away) throw new Violation(`failed instead of refusing the call: ${error.message}`, { cause: error });
    return undefined;
  }
}

export function finderOf({ calls: { find } }: Bench): NonNullable<Bench['calls']['find']> {
  if (find === undefined) throw new NotObserved('the port has no find');
  return find;
}

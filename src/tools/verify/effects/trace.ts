import type { Step } from '../../../domain/steps';
import { checkoutIdOf } from '../money/journal-line';
import type { JournalLine } from '../money/journal-line';
import type { Stream } from '../stream';

/** How often a step was done and undone where it acts, and when last, in milliseconds since 1970. */
export interface Trace {
  readonly done: number;
  readonly undone: number;
  readonly doneAt?: number;
  readonly undoneAt?: number;
}

export type Traces = Partial<Record<Step, Trace>>;

interface Effect {
  readonly done: readonly string[];
  /** Takes back a `done` before anybody asks for that. */
  readonly withdrawn?: string;
  readonly undone: readonly string[];
}

/** In the journals' words. A call that was repeated, refused or failed leaves no trace. */
const EFFECTS: Partial<Record<Step, Effect>> = {
  'payment-authorized': { done: ['authorize authorized'], undone: ['void voided', 'void refunded'] },
  'fulfillment-triggered': {
    done: ['fulfill triggered', 'fulfill accepted'],
    withdrawn: 'fulfill refused',
    undone: ['cancel cancelled'],
  },
  'notification-sent': { done: ['send sent'], undone: ['cancel sent'] },
  'label-generated': { done: ['label generated'], undone: ['void voided'] },
};

const NOTHING: Trace = { done: 0, undone: 0 };

/** Folds the providers' journals by checkout and step. */
export async function tracesOf(journals: readonly Stream<JournalLine>[]): Promise<Map<string, Traces>> {
  const byCheckout = new Map<string, Traces>();
  for (const lines of journals) {
    for await (const line of lines) {
      const checkoutId = checkoutIdOf(line);
      const step = line.key.slice(checkoutId.length + 1) as Step;
      const traces = byCheckout.get(checkoutId) ?? {};
      const trace = after(line, EFFECTS[step], traces[step] ?? NOTHING);
      if (!trace) continue;
      traces[step] = trace;
      byCheckout.set(checkoutId, traces);
    }
  }
  return byCheckout;
}

function after({ operation, outcome, at }: JournalLine, effect: Effect | undefined, trace: Trace): Trace | undefined {
  const what = `${operation} ${outcome}`;
  if (effect?.done.includes(what)) return { ...trace, done: trace.done + 1, doneAt: Date.parse(at) };
  if (what === effect?.withdrawn && trace.done > 0) return { ...trace, done: trace.done - 1 };
  if (effect?.undone.includes(what)) return { ...trace, undone: trace.undone + 1, undoneAt: Date.parse(at) };
  return undefined;
}

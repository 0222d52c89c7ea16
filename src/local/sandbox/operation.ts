import { randomUUID } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { TSchema } from '@sinclair/typebox';
import { PROTOCOL } from '../../adapters/http/protocol/protocol';
import type { ProtocolRole, VerbAt, VerbOf } from '../../adapters/http/protocol/protocol';
import type { RequestOf, Verb } from '../../adapters/http/protocol/verb';
import type { Answer, Entry } from './entry';
import type { KeyRecord } from './key-record';

/** How a test token or address makes a good call misbehave. `flaky` fails every second call, `faulty` the first two. */
export type Quirk = 'slow' | 'flaky' | 'faulty' | 'lost-answer';

export interface Afterwards {
  readonly afterMs: number;
  readonly answer: Answer;
}

/** How a provider performs a verb of the protocol. */
export interface Operation<Body = never> {
  /** Its name in journals and fault rules. */
  readonly name: string;
  readonly verb: string;
  readonly protocol: Verb;
  /** The fact that callers get as `reference`. Journals keep its own name. */
  readonly reference?: string;
  /** The operation that closes a key for this one, whichever came first. */
  readonly closedBy?: string;
  /** The answer under the fault switch `refuse`; final unless the outcome changes nothing (see `KeyRecord`). Absent if it never refuses. */
  readonly refusal?: Answer;
  /** The answer under the fault switch `refuse-later`, which is decided `afterwards`. Absent if there is no such answer. */
  readonly acceptance?: string;
  /** What becomes by itself of an answer that left the call undecided, and how long after it. Absent if it always decides at once. */
  afterwards?(left: Entry): Afterwards | undefined;
  quirk?(body: Body): Quirk | undefined;
  /** Decides a call that has no stored answer and no closed key. Must not wait, or two calls could both act. */
  decide(body: Body, record: KeyRecord): Answer;
}

/** Operations as the provider handles them: the schema of the verb has checked the body by then. */
export type AnyOperation = Operation<unknown>;

type Definition<Body> = Omit<Operation<Body>, 'verb' | 'protocol'>;

/** The operations of one role. */
export const operationsOf =
  <R extends ProtocolRole>(role: R) =>
  <V extends VerbOf<R>>(verb: V, definition: Definition<RequestOf<VerbAt<R, V>>>): AnyOperation => ({
    ...(definition as Definition<unknown>),
    verb,
    protocol: verbOf(role, verb),
  });

export const verbOf = (role: ProtocolRole, verb: string): Verb => {
  const known = (PROTOCOL[role] as Record<string, Verb>)[verb];
  if (!known) throw new Error(`${role} has no verb ${verb}`);
  return known;
};

/** Random, not derived from the key: a second authorization would show as a second id. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;

/** What an answer of this verb may hold, for the serializer, which drops everything else. */
export function responseOf({ outcomes }: Verb): TSchema {
  const facts = Object.values(outcomes).flatMap(({ properties }) => Object.entries(properties));
  return Type.Object({
    outcome: Type.String(),
    ...Object.fromEntries(facts.map(([name, schema]) => [name, Type.Optional(schema)])),
  });
}

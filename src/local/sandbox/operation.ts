import { randomUUID } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { Static, TSchema } from '@sinclair/typebox';
import type { Answer } from './entry';
import type { KeyRecord } from './key-record';

/** How a test token makes a good call misbehave. */
export type Quirk = 'slow' | 'flaky' | 'lost-answer';

/** Something a provider can be asked to do under a key. */
export interface Operation<Body extends TSchema = TSchema> {
  /** Its name in journals and fault rules. */
  readonly name: string;
  readonly path: string;
  readonly body: Body;
  readonly answer: TSchema;
  /** The operation that closes a key for this one, whichever came first. */
  readonly closedBy?: string;
  /** The answer under the fault switch `refuse`; final unless the outcome changes nothing (see `KeyRecord`). Absent if it never refuses. */
  readonly refusal?: Answer;
  quirk?(body: Static<Body>): Quirk | undefined;
  /** Decides a call that has no stored answer and no closed key. Must not wait, or two calls could both act. */
  decide(body: Static<Body>, record: KeyRecord): Answer;
}

/** Keeps the type of the body for `decide`, and drops it for the list of operations. */
export const operation = <Body extends TSchema>(definition: Operation<Body>): Operation => definition;

/** Random, not derived from the key: a second authorization would show as a second id. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;

/** An empty body: the key says everything. */
export const Nothing = Type.Object({}, { additionalProperties: false });

const Word = Type.String();

/** An answer with one of `outcomes` and, depending on it, some of `facts`. */
export const answerSchema = (outcomes: readonly string[], facts: Record<string, TSchema> = {}): TSchema =>
  Type.Object({
    outcome: Type.Union(outcomes.map((outcome) => Type.Literal(outcome))),
    reason: Type.Optional(Word),
    ...Object.fromEntries(Object.entries(facts).map(([name, schema]) => [name, Type.Optional(schema)])),
  });

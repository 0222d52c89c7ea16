import { randomUUID } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { Static, TSchema } from '@sinclair/typebox';
import type { Answer } from './entry';
import type { KeyRecord } from './key-record';

/** How a test token makes an otherwise good call misbehave. */
export type Quirk = 'slow' | 'flaky' | 'lost-answer';

/** Something a provider can be asked to do under a key. */
export interface Operation<Body extends TSchema = TSchema> {
  /** As journals and fault rules name it. */
  readonly name: string;
  readonly path: string;
  readonly body: Body;
  readonly answer: TSchema;
  /** The operation that closes a key for this one, whichever of the two came first. */
  readonly closedBy?: string;
  /** What the fault switch `refuse` makes it answer, for good unless the outcome is a passing one; without it there is no such answer. */
  readonly refusal?: Answer;
  quirk?(body: Static<Body>): Quirk | undefined;
  /** Decides a call that no stored answer and no closed key has decided. Must not wait: two calls could both decide. */
  decide(body: Static<Body>, record: KeyRecord): Answer;
}

/** Keeps the body's type for `decide`, and forgets it for the list of operations. */
export const operation = <Body extends TSchema>(definition: Operation<Body>): Operation => definition;

/** Random, not derived from the key: a second authorization would show as a second id. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;

/** A body that says nothing: the key says it all. */
export const Nothing = Type.Object({}, { additionalProperties: false });

const Word = Type.String();

/** An answer with one of `outcomes` and, depending on it, some of `facts`. */
export const answerSchema = (outcomes: readonly string[], facts: Record<string, TSchema> = {}): TSchema =>
  Type.Object({
    outcome: Type.Union(outcomes.map((outcome) => Type.Literal(outcome))),
    reason: Type.Optional(Word),
    ...Object.fromEntries(Object.entries(facts).map(([name, schema]) => [name, Type.Optional(schema)])),
  });

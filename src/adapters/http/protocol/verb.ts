import { Type } from '@sinclair/typebox';
import type { Static, TObject, TProperties } from '@sinclair/typebox';

/** Something a provider is asked to do under a key. */
export interface Verb<
  Request extends TObject = TObject,
  Outcomes extends Record<string, TObject> = Record<string, TObject>,
> {
  /** For readers of the OpenAPI document. */
  readonly summary: string;
  readonly request: Request;
  /** What may come back: each outcome with its facts. */
  readonly outcomes: Outcomes;
  /** Where an answer may be larger than usual. */
  readonly largestAnswerBytes?: number;
}

export const verb = <Request extends TObject, Outcomes extends Record<string, TObject>>(
  definition: Verb<Request, Outcomes>,
): Verb<Request, Outcomes> => definition;

/** An object without unknown fields: a misspelled one is a mistake of the caller. */
export const strictly = <Fields extends TProperties>(fields: Fields, description?: string): TObject<Fields> =>
  Type.Object(fields, { additionalProperties: false, ...(description === undefined ? {} : { description }) });

/** The facts of an outcome, and what it means. Fields that are not known are ignored: more may be added. */
export const outcome = <Facts extends TProperties>(description: string, facts: Facts): TObject<Facts> =>
  Type.Object(facts, { description });

export type RequestOf<V extends Verb> = Static<V['request']>;

/** The closed union of a verb's answers. */
export type AnswerTo<V extends Verb> = {
  [O in keyof V['outcomes'] & string]: { readonly outcome: O } & Readonly<Static<V['outcomes'][O]>>;
}[keyof V['outcomes'] & string];

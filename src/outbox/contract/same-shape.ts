import type { Static, TSchema } from '@sinclair/typebox';
import type { CheckoutEvent } from '../../domain/events';

export type EventType = CheckoutEvent['type'];
type DataOf<T extends EventType> = Extract<CheckoutEvent, { readonly type: T }>['data'];

/** The type in plain JSON terms: nothing is `readonly`, and a `Record<string, never>` is an object without fields. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? string extends keyof T
      ? Record<never, never>
      : { -readonly [Field in keyof T]: Plain<T[Field]> }
    : T;

type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** True only for the same fields of the same types, each optional in both or in neither, which mutual assignability would not check. */
export type SameShape<A, B> = Identical<Plain<A>, Plain<B>>;

type InStep<Schemas> = {
  [T in keyof Schemas]: T extends EventType
    ? Schemas[T] extends TSchema
      ? SameShape<Static<Schemas[T]>, DataOf<T>> extends true
        ? Schemas[T]
        : never
      : never
    : never;
};

/** Compiles only if every event of `CheckoutEvent` has a schema of exactly its shape, and nothing else has one. */
export const forEveryEvent = <Schemas extends Record<EventType, TSchema>>(
  schemas: Schemas & InStep<Schemas>,
): Schemas => schemas;

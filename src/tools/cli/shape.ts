import { isRecord } from '../terminal/is-record';

/** Whether a value has a shape. Answers are checked, because another program may be at the address. */
export type Shape<T> = (value: unknown) => value is T;
export type Shaped<S> = S extends Shape<infer T> ? T : never;

export const text = (value: unknown): value is string => typeof value === 'string';
export const number = (value: unknown): value is number => typeof value === 'number';
export const truth = (value: unknown): value is boolean => typeof value === 'boolean';

export const orNull =
  <T>(shape: Shape<T>) =>
  (value: unknown): value is T | null =>
    value === null || shape(value);

/** For a member that an older API does not send. */
export const orAbsent =
  <T>(shape: Shape<T>) =>
  (value: unknown): value is T | undefined =>
    value === undefined || shape(value);

export const listOf =
  <T>(shape: Shape<T>) =>
  (value: unknown): value is readonly T[] =>
    Array.isArray(value) && value.every(shape);

/** Extra members are allowed. */
export const objectOf =
  <T extends object>(members: { readonly [Name in keyof T]: Shape<T[Name]> }) =>
  (value: unknown): value is Readonly<T> =>
    isRecord(value) && Object.entries<Shape<unknown>>(members).every(([name, shape]) => shape(value[name]));

/** The answer to an operator's action. */
export const doneShape = objectOf({ done: (value: unknown): value is true => value === true });

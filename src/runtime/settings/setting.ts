/** Who reads a setting. `service` is `api` and `worker` in one process and reads what both read. */
export type Reader =
  'api' | 'worker' | 'relay' | 'codec' | 'sandbox' | 'start' | 'cli' | 'migrate' | 'api-key' | 'promote' | 'replay';

/** What docs/settings.md and .env.example say of a setting, beside its JSON Schema. */
export interface Told {
  readonly description: string;
  readonly readBy: readonly Reader[];
  /** The unit of a number, or the form of a text. */
  readonly unit?: string;
  /** What holds while it is empty; without it, nothing does. */
  readonly whenEmpty?: string;
}

const listOf = (entry: string) => `^(${entry}(,${entry})*)?$`;

export const text = (fallback: string, told: Told) => ({ type: 'string' as const, default: fallback, ...told });

export const textLike = (pattern: string, told: Told) => ({ ...text('', told), pattern });

/** Commas between several. */
export const list = (entry: string, told: Told) => textLike(listOf(entry), told);

export const duration = (from: string, to: string, told: Told) => ({ ...text('', told), duration: { from, to } });

export const oneOf = <const Value extends string>(values: readonly Value[], fallback: NoInfer<Value>, told: Told) => ({
  type: 'string' as const,
  enum: values,
  default: fallback,
  ...told,
});

export const port = (fallback: number, told: Told) => ({ ...integer(0, fallback, told), maximum: 65_535 });

export const integer = (minimum: number, fallback: number, told: Told) => ({
  type: 'integer' as const,
  minimum,
  default: fallback,
  ...told,
});

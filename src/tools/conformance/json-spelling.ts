/** A way to write JSON that does not change its canonical form (RFC 8785). */
export interface JsonSpelling {
  readonly reversed?: boolean;
  readonly gap?: string;
  readonly number?: (value: number) => string;
  readonly text?: (value: string) => string;
}

/** A value as JSON, spelled as given. */
export function spell(value: unknown, how: JsonSpelling): string {
  const { gap = '', number = String, text = JSON.stringify } = how;
  const listed = (parts: string[], open: string, close: string) =>
    `${open}${gap}${parts.join(`${gap},${gap}`)}${gap}${close}`;

  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) {
    return listed(
      value.map((item) => spell(item, how)),
      '[',
      ']',
    );
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${text(name)}${gap}:${gap}${spell(member, how)}`);
  return listed(how.reversed ? members.reverse() : members, '{', '}');
}

/** Every character as `\uXXXX`. */
export const escaped = (value: string): string =>
  `"${Array.from({ length: value.length }, (_, at) => `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;

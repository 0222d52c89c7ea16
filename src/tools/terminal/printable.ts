/**
 * Control characters, lone surrogates, line separators, and characters that cannot be seen: direction overrides, zero-width characters,
 * tags and variation selectors.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** A terminal would obey these; nothing is lost without them. */
const CONTROLS = /\p{Cc}+/gu;

/** Text from a server may hold escape sequences, and characters that make people read something else: these become spaces or visible escapes. */
export const printable = (text: string): string => text.replace(CONTROLS, ' ').replace(UNSEEN, escaped);

/** The same for text of several lines; its line breaks stay. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** Equivalent JSON with nothing in it that a terminal would obey. */
export const printableJson = (document: object): string =>
  JSON.stringify(document).replace(UNSEEN, (character) =>
    // By UTF-16 code units: a JSON escape has four digits.
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at).toString(16).padStart(4, '0'))
      .map((unit) => `\\u${unit}`)
      .join(''),
  );

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * Control characters, halves of characters, line separators, and what is not seen: characters that turn the direction of others, have no
 * width, are tags, or choose a variant.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** A terminal would obey these, and nothing is lost with them. */
const CONTROLS = /\p{Cc}+/gu;

/** What a server sent may hold line breaks, escape sequences, and characters that make people read what is not there: these are shown as escapes. */
export const printable = (text: string): string => text.replace(CONTROLS, ' ').replace(UNSEEN, escaped);

/** The same for text of several lines, each of which stays one. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** JSON that means the same, and in which a terminal finds nothing to obey. */
export const printableJson = (document: object): string =>
  JSON.stringify(document).replace(UNSEEN, (character) =>
    // By halves, which is how JSON escapes what is beyond four digits.
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at).toString(16).padStart(4, '0'))
      .map((unit) => `\\u${unit}`)
      .join(''),
  );

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

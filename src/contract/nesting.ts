/** Valid bodies are at most six levels deep. With this limit, code that reads a body may recurse without overflowing the stack. */
export const MOST_NESTED = 16;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Checks the text itself, before the parsers, validators and fingerprints that recurse into a value. */
export function isNestedDeeply(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) inString = !inString;
    else if (inString && code === BACKSLASH) at += 1;
    else if (!inString && OPENING.has(code)) depth += 1;
    else if (!inString && CLOSING.has(code)) depth -= 1;
    if (depth > MOST_NESTED) return true;
  }
  return false;
}

/** For a server's error handler. */
export const nestedDeeply = (): Error =>
  Object.assign(new Error(`The body is nested more than ${MOST_NESTED} levels deep`), {
    statusCode: 400,
    code: 'nested-too-deeply',
  });

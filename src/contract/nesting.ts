/** What anybody sends us is six levels deep. Whoever reads a body may do so by recursion, and need not fear for the stack. */
export const MOST_NESTED = 16;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** For before anything is made of the text: parsers, validators and fingerprints go down into a value level by level. */
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

const SPACE = '[\\t\\n\\r ]*';
const token = (pattern: string): RegExp => new RegExp(`(?:${pattern})${SPACE}`, 'y');

const STRING = '"(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"';
const NUMBER = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
const START = token('');
const TEXT = token(STRING);
const SCALAR = token(`${STRING}|${NUMBER}|true|false|null`);
const COMMA = token(',');
const COLON = token(':');
const LIST = token('\\[');
const END_OF_LIST = token('\\]');
const OBJECT = token('\\{');
const END_OF_OBJECT = token('\\}');

/** `line 3, column 7`: where the text stops being JSON. The messages of `JSON.parse` do not always say, and quote the text. */
export function whereJsonBreaks(text: string): string {
  let at = 0;
  const take = (expected: RegExp): boolean => {
    expected.lastIndex = at;
    const [found] = expected.exec(text) ?? [];
    at += found?.length ?? 0;
    return found !== undefined;
  };
  const items = (end: RegExp, item: () => boolean): boolean => {
    if (take(end)) return true;
    do if (!item()) return false;
    while (take(COMMA));
    return take(end);
  };
  const value = (): boolean => {
    if (take(LIST)) return items(END_OF_LIST, value);
    return take(OBJECT) ? items(END_OF_OBJECT, member) : take(SCALAR);
  };
  const member = (): boolean => take(TEXT) && take(COLON) && value();

  take(START);
  value();
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

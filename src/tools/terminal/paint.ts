import { styleText } from 'node:util';
import type { Screen } from './screen';
import { printable } from './printable';

export type Style = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow';

interface Segment {
  readonly text: string;
  readonly style?: Style;
}
export type Line = readonly Segment[];

/** A line as text for a screen: cut to its width, and coloured on a terminal unless NO_COLOR is set. */
export function paint(line: Line, screen: Screen): string {
  // A wrapped line would take two rows, and redrawing counts rows.
  let room = screen.isTTY ? (screen.columns ?? Infinity) - 1 : Infinity;
  return line
    .map(({ text, style }) => {
      const shown = printable(text).slice(0, Math.max(0, room));
      room -= shown.length;
      return style && screen.isTTY ? styleText(style, shown, { stream: screen }) : shown;
    })
    .join('')
    .trimEnd();
}

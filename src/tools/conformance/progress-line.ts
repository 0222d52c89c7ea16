import { printable } from '../terminal/printable';
import type { Screen } from '../terminal/screen';

const CLEAR = '\r\u001b[K';

/** One line on a terminal that says what is going on, gone again before anything else is printed; elsewhere nothing. */
export const progressLine = (screen: Screen) => ({
  show(text: string): void {
    // A line that wraps would not be cleared whole.
    if (screen.isTTY) screen.write(`${CLEAR}${printable(text).slice(0, (screen.columns ?? Infinity) - 1)}`);
  },
  clear(): void {
    if (screen.isTTY) screen.write(CLEAR);
  },
});

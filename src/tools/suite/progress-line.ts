import { printable } from '../terminal/printable';
import type { Screen } from '../terminal/screen';

const CLEAR = '\r\u001b[K';

/** One line of progress on a terminal, cleared before anything else is printed; elsewhere nothing. */
export const progressLine = (screen: Screen) => ({
  show(text: string): void {
    // A wrapped line could not be cleared.
    if (screen.isTTY) screen.write(`${CLEAR}${printable(text).slice(0, (screen.columns ?? Infinity) - 1)}`);
  },
  clear(): void {
    if (screen.isTTY) screen.write(CLEAR);
  },
});

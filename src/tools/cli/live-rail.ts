import type { CheckoutSnapshot } from './checkout-snapshot';
import type { Clock } from '../terminal/clock';
import type { Display } from './display';
import type { Screen } from '../terminal/screen';
import { paint } from '../terminal/paint';
import { printable } from '../terminal/printable';
import { rail } from './rail';
import { approvalOf } from './summary';

/** Ten frames a second: spinners turn and clocks run between two answers of the API. */
const FRAME_MS = 100;

const UP = (rows: number) => (rows > 0 ? `\u001b[${rows}A\r` : '');
const CLEAR_REST_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** A line that is drawn once and stays. */
const lineAbove = (sentence: string) => `${CLEAR_BELOW}${printable(sentence)}\n`;

/** The rail, redrawn in place. One write per frame, over the old one and without clearing first, so that nothing flickers. */
export function createLiveRail(screen: Screen, clock: Clock): Display {
  let current: CheckoutSnapshot | undefined;
  let rowsDrawn = 0;
  let frame = 0;

  const draw = (above = '') => {
    if (!current) return void screen.write(above);
    const lines = rail(current, clock.now(), frame).map((line) => `${paint(line, screen)}${CLEAR_REST_OF_LINE}\n`);
    screen.write(`${UP(rowsDrawn)}${above}${lines.join('')}${CLEAR_BELOW}`);
    rowsDrawn = lines.length;
  };

  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, FRAME_MS);

  return {
    show(snapshot) {
      const approval = approvalOf(snapshot);
      const isNew = approval !== undefined && approval !== (current && approvalOf(current));
      current = snapshot;
      // Above the rail and not in it: lines of the rail are cut to the screen's width, and an address must be whole.
      draw(isNew ? lineAbove(approval) : '');
    },
    notice: (sentence) => draw(lineAbove(sentence)),
    close() {
      clearInterval(timer);
      draw();
    },
  };
}

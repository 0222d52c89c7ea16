import type { Clock } from '../terminal/clock';
import type { Display } from './display';
import { createLiveRail } from './live-rail';
import type { Output } from '../terminal/output';
import { createPlainLines } from './plain-lines';
import { RAIL_HEIGHT } from './rail';

/** A live rail needs a terminal tall enough for it: rows that scrolled away cannot be redrawn. */
export function chooseDisplay(output: Output, clock: Clock): Display {
  const { screen, json } = output;
  const canRedraw = screen.isTTY === true && (screen.rows ?? Infinity) > RAIL_HEIGHT;
  return canRedraw && !json ? createLiveRail(screen, clock) : createPlainLines(output, clock);
}

import type { Tally } from '../verdict';
import type { EventLog } from './event-log';
import type { AskLater } from './later';
import type { SinkFigures } from './sink-figures';

/** What a sink is checked against, and where the results go. */
export interface CheckContext {
  readonly log: EventLog;
  readonly askLater: AskLater;
  readonly tally: Tally;
  readonly figures: SinkFigures;
}

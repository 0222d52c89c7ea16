import type { History } from '@temporalio/common/lib/proto-utils';
import type { Failure } from './outcome';

/** Core's errors arrive as the debug text of a Rust structure; this is its first message. */
const MESSAGE = /message: "((?:[^"\\]|\\.)*)"/s;
const EVENT = /HistoryEvent\(id: (\d+)/;
/** Core names no event when it compares commands, but what the event has: the activity's type or its id. */
const ACTIVITY = /Activity (?:type|id) of scheduled event '(.*?)'/;

/** What our failure converter leaves in the place of a message. */
const ENCODED = /^Encoded failure/;

/** What a replay error says: which event, or the last one if it names none, and why. `said` is what was read of an encoded one. */
export function divergence(
  name: string,
  { events }: History,
  { error, said }: { error: Error; said: string | undefined },
): Failure {
  const told = messageIn(error.message);
  const message = ENCODED.test(told) ? (said ?? told) : told;
  const activity = ACTIVITY.exec(message)?.[1];
  const scheduled = events?.find(({ activityTaskScheduledEventAttributes: scheduling }) =>
    activity === undefined ? false : [scheduling?.activityType?.name, scheduling?.activityId].includes(activity),
  );
  const event = EVENT.exec(message)?.[1] ?? scheduled?.eventId ?? events?.at(-1)?.eventId;
  return { history: name, event: event === undefined ? null : Number(String(event)), message };
}

function messageIn(text: string): string {
  const quoted = MESSAGE.exec(text)?.[1];
  if (quoted === undefined) return text;
  return quoted
    .replaceAll(/\\u\{([\da-f]+)\}/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replaceAll('\\n', '\n')
    .replaceAll(/\\(.)/g, '$1');
}

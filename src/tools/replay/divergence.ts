import type { History } from '@temporalio/common/lib/proto-utils';
import type { Failure } from './outcome';

/** Core's errors arrive as the debug text of a Rust structure; this is its first message. */
const MESSAGE = /message: "((?:[^"\\]|\\.)*)"/s;
const EVENT = /HistoryEvent\(id: (\d+)/;
/** Core names no event when it compares commands, but what the event has: the activity's type or its id. */
const ACTIVITY = /Activity (?:type|id) of (?:scheduled event|recorded marker) '(.*?)'/;

/** Core's name for the marker of a local activity, whose `data` it writes itself, and no codec encrypts. */
const LOCAL_ACTIVITY = 'core_local_activity';

type Event = NonNullable<History['events']>[number];

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
  const recorded = events?.find((event) => activity !== undefined && namesOf(event).includes(activity));
  const event = EVENT.exec(message)?.[1] ?? recorded?.eventId ?? events?.at(-1)?.eventId;
  return { history: name, event: event === undefined ? null : Number(String(event)), message };
}

/** What Core calls the activity of an event: its type or id where it was scheduled, its type in the marker of a local one. */
function namesOf({ activityTaskScheduledEventAttributes: scheduled, markerRecordedEventAttributes: marker }: Event) {
  const names = [scheduled?.activityType?.name, scheduled?.activityId];
  const [data] = marker?.markerName === LOCAL_ACTIVITY ? (marker.details?.['data']?.payloads ?? []) : [];
  if (data?.data)
    names.push((JSON.parse(Buffer.from(data.data).toString()) as { activity_type?: string }).activity_type);
  return names;
}

function messageIn(text: string): string {
  const quoted = MESSAGE.exec(text)?.[1];
  if (quoted === undefined) return text;
  return quoted
    .replaceAll(/\\u\{([\da-f]+)\}/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replaceAll('\\n', '\n')
    .replaceAll(/\\(.)/g, '$1');
}

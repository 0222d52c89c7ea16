import type { History } from '@temporalio/common/lib/proto-utils';
import type { Failure } from './outcome';

/** Core's errors arrive as the debug text of a Rust struct; this is the first message in it. */
const MESSAGE = /message: "((?:[^"\\]|\\.)*)"/s;
const EVENT = /HistoryEvent\(id: (\d+)/;
/** When it compares commands, Core does not name the event but the activity's type or id. */
const ACTIVITY = /Activity (?:type|id) of (?:scheduled event|recorded marker) '(.*?)'/;

/** Core's name for the marker of a local activity. Core itself writes its `data`, so no codec encrypts it. */
const LOCAL_ACTIVITY = 'core_local_activity';

type Event = NonNullable<History['events']>[number];

/** What our failure converter puts in place of a message. */
const ENCODED = /^Encoded failure/;

/** The event at which a history diverged (the last one if the error names none), and why. `said` is the message of an encoded error. */
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

/** Core's names for the activity of an event: type and id where it was scheduled, the type in the marker of a local activity. */
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

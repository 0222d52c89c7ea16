import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Payloads {
  readonly payloads: readonly { readonly data: string }[];
}

/** The parts of a recorded event that tests use. */
export interface RecordedEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly workflowExecutionStartedEventAttributes?: { readonly input?: Payloads };
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType: { readonly name: string };
    readonly input?: Payloads;
  };
  readonly markerRecordedEventAttributes?: { readonly details?: { readonly data?: Payloads } };
}

export const eventsOf = (json: string): readonly RecordedEvent[] =>
  (JSON.parse(json) as { events: RecordedEvent[] }).events;

export const eventsIn = (folder: string, name: string): readonly RecordedEvent[] =>
  eventsOf(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

/** The first event that scheduled an activity, or recorded it as a local one; undefined if there is none. */
export function recordedAt(events: readonly RecordedEvent[], activity: string): number | undefined {
  const event = events.find(
    (each) =>
      each.activityTaskScheduledEventAttributes?.activityType.name === activity || localActivityIn(each) === activity,
  );
  return event && Number(event.eventId);
}

function localActivityIn({ markerRecordedEventAttributes: marker }: RecordedEvent): string | undefined {
  const [data] = marker?.details?.data?.payloads ?? [];
  if (!data) return undefined;
  return (JSON.parse(Buffer.from(data.data, 'base64').toString()) as { activity_type?: string }).activity_type;
}

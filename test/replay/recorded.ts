import { readFileSync } from 'node:fs';
import path from 'node:path';

/** As much of a recorded event as tests ask for. */
export interface RecordedEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType: { readonly name: string };
    readonly input?: { readonly payloads: readonly { readonly data: string }[] };
  };
}

export const eventsOf = (json: string): readonly RecordedEvent[] =>
  (JSON.parse(json) as { events: RecordedEvent[] }).events;

export const eventsIn = (folder: string, name: string): readonly RecordedEvent[] =>
  eventsOf(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

/** The event with which an activity was scheduled for the first time; undefined if it never was. */
export function scheduledAt(events: readonly RecordedEvent[], activity: string): number | undefined {
  const event = events.find(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType.name === activity,
  );
  return event && Number(event.eventId);
}

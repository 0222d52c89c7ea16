import type { History } from '@temporalio/common/lib/proto-utils';

/**
 * Why a history cannot be replayed, if it cannot. The replayer must not get one: on a gap its native half panics and never
 * answers, and a history without a completed workflow task replays whatever the code does.
 */
export function whyNotReplayable({ events }: History): string | undefined {
  if (!events || events.length === 0) return 'It has no events.';
  if (!events[0]?.workflowExecutionStartedEventAttributes) return 'Its first event is not the start of a workflow.';

  const ids = events.map(({ eventId }) => Number(String(eventId)));
  const gap = ids.findIndex((id, at) => id !== at + 1);
  if (gap !== -1) return `Event ${gap + 1} is missing: event ${ids[gap]} is in its place.`;
  return events.some((event) => event.workflowTaskCompletedEventAttributes)
    ? undefined
    : 'It has no completed workflow task, so there is nothing to replay.';
}

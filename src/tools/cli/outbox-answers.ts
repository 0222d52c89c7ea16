import { PARKED_STATES } from '../../domain/parked-states';
import type { ParkedState } from '../../domain/parked-states';
import { isRecord } from '../terminal/is-record';

/** A sink of `GET /v1/ops/outbox`. */
export interface SinkItem {
  readonly sink: string;
  readonly pending: number;
  readonly atLeast: boolean;
  readonly oldestSeconds: number | null;
  readonly perSecond: number;
  readonly delivered: number;
  readonly parked: Readonly<Record<ParkedState, number>>;
  /** Absent where the API is older. */
  readonly rewoundAt?: string | null;
  readonly rewindReason?: string | null;
  readonly lanes: readonly LaneItem[];
}

/** That a sink may lose what it has. */
export interface SinkWarning {
  readonly sink: string;
  readonly warning: string;
}

/** `GET /v1/ops/outbox`. */
export interface OutboxAnswer {
  readonly sinks: readonly SinkItem[];
  /** Absent where the API is older. */
  readonly warnings?: readonly SinkWarning[];
}

export interface LaneItem {
  readonly owner: string | null;
  readonly failingSince: string | null;
  readonly failure: string | null;
}

/** Of `GET /v1/ops/outbox/dead-letters`. */
export interface DeadLetter {
  readonly sink: string;
  readonly target: string;
  readonly checkoutId: string;
  readonly sequence: number;
  readonly type: string;
  readonly attempts: number;
  readonly reason: string;
  readonly parkedAt: string;
}

export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetter[];
  readonly next: string | null;
}

interface Share {
  readonly orders: number;
  readonly events: number;
  readonly oldest: string | null;
}

/** What a redrive would do. */
export interface RedrivePlan extends Share {
  readonly sinks: readonly (Share & { readonly sink: string })[];
}

export interface RedriveAnswer {
  readonly id: string;
  readonly total: number;
  readonly more: boolean;
}

export interface RedriveProgress {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly remaining: number;
  readonly failedAgain: number;
}

/** What a replay would deliver again. */
export interface ReplayPlan {
  readonly events: number;
  readonly orders: number;
  readonly oldest: string | null;
  /** The log begins there: what is older is gone. */
  readonly goneBefore: string | null;
}

export interface ReplayAnswer {
  readonly id: string;
  readonly total: number;
  readonly goneBefore: string | null;
}

export interface ReplayProgress {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly refused: number;
  readonly failure: string | null;
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number';
const truth: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const all =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Checked, because an address may lead to another program. */
const has =
  <T>(members: Readonly<Record<string, Check>>) =>
  (value: unknown): value is T =>
    isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]));

const share = { orders: number, events: number, oldest: orNull(text) };

export const isOutbox = has<OutboxAnswer>({
  warnings: orAbsent(all(has({ sink: text, warning: text }))),
  sinks: all(
    has({
      ...{ sink: text, pending: number, atLeast: truth, oldestSeconds: orNull(number), perSecond: number },
      delivered: number,
      parked: has(Object.fromEntries(PARKED_STATES.map((state) => [state, number]))),
      lanes: all(has({ owner: orNull(text), failingSince: orNull(text), failure: orNull(text) })),
    }),
  ),
});

export const isDeadLetterPage = has<DeadLetterPage>({
  deadLetters: all(
    has({
      ...{ sink: text, target: text, checkoutId: text, sequence: number, type: text },
      ...{ attempts: number, reason: text, parkedAt: text },
    }),
  ),
  next: orNull(text),
});

export const isRedrivePlan = has<RedrivePlan>({ ...share, sinks: all(has({ sink: text, ...share })) });
export const isRedriveAnswer = has<RedriveAnswer>({ id: text, total: number, more: truth });
export const isReplayPlan = has<ReplayPlan>({
  ...{ events: number, orders: number, oldest: orNull(text), goneBefore: orNull(text) },
});
export const isReplayAnswer = has<ReplayAnswer>({ id: text, total: number, goneBefore: orNull(text) });
export const isReplayProgress = has<ReplayProgress>({
  ...{ id: text, state: text, total: number, done: number, refused: number, failure: orNull(text) },
});
export const isRedriveProgress = has<RedriveProgress>({
  ...{ id: text, state: text, total: number, done: number, remaining: number, failedAgain: number },
});

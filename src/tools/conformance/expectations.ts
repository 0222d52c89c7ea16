import { isRecord } from '../terminal/is-record';
import { STEPS } from '../../domain/steps';
import { shortly } from './answer';
import type { Answer } from './answer';
import { must } from '../suite/violation';

const JSON_TYPE = /^application\/json\b/;
const PROBLEM_TYPE = /^application\/problem\+json\b/;
/** The headers that a replay repeats, besides the bytes. */
const REPEATED_HEADERS = ['location', 'content-type'];

/** An acceptance: 202, Location, id, state and links. Returns the checkout's id. */
export function mustBeAcceptance(answer: Answer): string {
  const { status, headers, members } = answer;
  must(status === 202, `expected 202, got ${shortly(answer)}`);
  mustHaveType(answer, JSON_TYPE);
  const { id, state, links } = members;
  must(typeof id === 'string' && id !== '', 'the acceptance has no id');
  must(state === 'accepted', `the state of the acceptance is ${String(state)}`);
  must(isRecord(links), 'the acceptance has no links');
  must(headers.location === `/v1/checkouts/${id}`, `Location is ${headers.location ?? 'missing'}`);
  return id;
}

/** The outcome of a completed checkout; returns its id. */
export function mustBeCompleted(answer: Answer, status = 201): string {
  must(answer.status === status, `expected ${status}, got ${shortly(answer)}`);
  mustHaveType(answer, JSON_TYPE);
  const { id, state, steps } = answer.members;
  must(typeof id === 'string' && id !== '', 'the checkout has no id');
  must(state === 'completed', `the checkout is ${String(state)}, not completed`);
  const done = Array.isArray(steps) && steps.every((step) => isRecord(step) && step.state === 'done');
  must(done && steps.length === STEPS.length, `the checkout does not have ${STEPS.length} steps that are done`);
  return id;
}

export function mustBeProblem(answer: Answer, status: number, ...codes: string[]): void {
  must(answer.status === status, `expected ${status} ${codes.join(' or ')}, got ${shortly(answer)}`);
  mustHaveType(answer, PROBLEM_TYPE);
  must(codes.includes(String(answer.members.code)), `expected ${codes.join(' or ')}, got ${shortly(answer)}`);
  must(answer.members.status === status, `the status in the problem is ${String(answer.members.status)}`);
}

/** An acceptance that is not a replay: nothing was stored for the key before. Returns the checkout's id. */
export function mustBeFirstUse(answer: Answer): string {
  const id = mustBeAcceptance(answer);
  must(!isReplay(answer), 'the first use of the key is marked Idempotent-Replayed');
  return id;
}

/** The same bytes again, marked as a replay. */
export function mustReplay(answer: Answer, first: Answer): void {
  mustBeSame(answer, first);
  must(answer.headers['idempotent-replayed'] === 'true', 'Idempotent-Replayed: true is missing');
}

export function mustBeSame(answer: Answer, first: Answer): void {
  must(answer.status === first.status, `expected ${shortly(first)} again, got ${shortly(answer)}`);
  must(answer.bytes.equals(first.bytes), `the bytes of ${shortly(first)} differ from the first answer's`);
  for (const name of REPEATED_HEADERS) {
    must(
      answer.headers[name] === first.headers[name],
      `${name} was ${first.headers[name]}, and is now ${answer.headers[name]}`,
    );
  }
}

export function mustHaveApplied(answer: Answer, preference: 'wait' | 'respond-async'): void {
  const applied = answer.headers['preference-applied'];
  const fits = applied === preference || (preference === 'wait' && /^wait=\d+$/.test(applied ?? ''));
  must(fits, `Preference-Applied of ${shortly(answer)} is ${applied ?? 'missing'}, not ${preference}`);
}

export const isReplay = ({ headers }: Answer): boolean => headers['idempotent-replayed'] !== undefined;

function mustHaveType(answer: Answer, type: RegExp): void {
  const given = answer.headers['content-type'] ?? 'missing';
  must(type.test(given), `the Content-Type of ${shortly(answer)} is ${given}`);
}

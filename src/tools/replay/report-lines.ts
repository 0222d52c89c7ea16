import { styleText } from 'node:util';
import { printable } from '../terminal/printable';
import type { Screen } from '../terminal/screen';
import type { Outcome } from './outcome';

const LOOKS = { ok: { label: 'ok  ', style: 'green' }, failed: { label: 'FAIL', style: 'red' } } as const;

/** One line; for a history that did not replay also where and why. */
export function outcomeLines({ history, events, failure }: Outcome, screen: Screen): string {
  const { label, style } = failure ? LOOKS.failed : LOOKS.ok;
  const shown = screen.isTTY ? styleText(style, label, { stream: screen }) : label;
  const where = failure ? (failure.event === null ? '' : `  at event ${failure.event}`) : `  ${events} events`;
  const why = failure ? failure.message.split('\n').map((line) => `        ${printable(line)}\n`) : [];
  return `  ${shown}  ${printable(history)}${where}\n${why.join('')}`;
}

export function summary(outcomes: readonly Outcome[], ms: number): string {
  const failed = outcomes.filter(({ failure }) => failure).length;
  const seconds = (ms / 1_000).toFixed(1);
  if (outcomes.length === 0) return 'There was no history to replay, so nothing is proved.\n';
  return failed === 0
    ? `${counted(outcomes.length)} replayed, none diverged, in ${seconds} s.\n`
    : `${failed} of ${counted(outcomes.length)} did not replay, in ${seconds} s.\n`;
}

const counted = (number: number): string => `${number} ${number === 1 ? 'history' : 'histories'}`;

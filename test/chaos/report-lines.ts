import { isUnseen } from '../../src/tools/verify/verdict';
import type { Verdict } from '../../src/tools/verify/verdict';
import type { Report } from './chaos';

const MOST_DIFFERENCES = 20;

/** The report for people. */
export function reportLines(report: Report): string {
  const { faults, ends, acknowledged, orders, settledAfterMs, promises, differences, failures, seconds, seed } = report;
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const verdicts = Object.entries(promises).map(([name, verdict]) => `${name.padEnd(10)}${found(verdict)}`);
  const examples = Object.entries(promises).flatMap(([name, verdict]) =>
    verdict.examples.map(({ kind, checkoutId, sentence }) => `${name}  ${kind}  ${checkoutId ?? ''}  ${sentence}`),
  );
  return [
    '',
    `Faults    ${counted(faults)}`,
    `Orders    ${acknowledged} of ${orders} acknowledged: ${counted(ends)}`,
    `Settled   ${(settledAfterMs / 1_000).toFixed(1)} s after the last fault`,
    ...verdicts,
    ...examples,
    ...differences.slice(0, MOST_DIFFERENCES).map((difference) => `DIFFERS   ${difference}`),
    ...failures.map((failure) => `NOT SHOWN ${failure}`),
    `${failures.length === 0 ? 'As promised' : 'Not as promised'}, in ${seconds} s with seed ${seed}.`,
    '',
  ].join('\n');
}

/** The rule of three: none seen in N means, with 95% confidence, fewer than 3 in N. */
const BOUND = 3;

function found(verdict: Verdict): string {
  const { checked, violations } = verdict;
  if (isUnseen(verdict)) return 'never checked: this run says nothing about it';
  if (violations > 0) return `${violations} in ${checked}`;
  return `0 in ${checked}, 95% bound ${(BOUND / checked).toExponential(1)}`;
}

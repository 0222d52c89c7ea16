import { inColumns } from '../../src/tools/terminal/columns';
import { isGood } from '../support/trials';
import type { Trial } from './trial';

/** A row for each trial, then what went wrong. */
export function trialLines(trials: readonly Trial[]): string {
  const rows = trials.map(({ name, verdict, seconds, failedTests, test }) => [
    name,
    verdict,
    String(seconds),
    failedTests.length === 0 ? '–' : String(failedTests.length),
    name === test ? '' : test,
  ]);
  const mutants = trials.filter(({ bug }) => bug !== '');
  const caught = mutants.filter(({ verdict }) => verdict === 'caught');
  return [
    '',
    ...inColumns([['', 'VERDICT', 'SECONDS', 'RED', 'CAUGHT BY'], ...rows]),
    '',
    ...trials.filter((trial) => !isGood(trial)).flatMap(reasonLines),
    `${caught.length} of ${mutants.length} mutants were caught.`,
    '',
  ].join('\n');
}

const reasonLines = ({ name, bug, verdict, failedTests, complaint }: Trial): string[] => [
  `${name}: ${verdict}. ${bug}`,
  ...failedTests.map((test) => `  ${test}`),
  ...complaint
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  ${line}`),
];

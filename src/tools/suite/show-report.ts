import { styleText } from 'node:util';
import { printable } from '../terminal/printable';
import type { Screen } from '../terminal/screen';
import type { RowReport, RowResult } from './row';

const LOOKS = {
  pass: { label: 'pass', style: 'green' },
  fail: { label: 'FAIL', style: 'red' },
  'not-observable': { label: 'not observable', style: 'dim' },
} as const satisfies Record<RowResult, { label: string; style: 'green' | 'red' | 'dim' }>;

const LABEL_WIDTH = 16;
const MS_WIDTH = 9;
const INDENT = ' '.repeat(LABEL_WIDTH + MS_WIDTH + 4);

/** A line of the table, with the details below it. Details may quote the server, so control characters are removed. */
export function tableLines({ row, result, ms, detail }: RowReport, screen: Screen): string {
  const { label, style } = LOOKS[result];
  const padded = label.padEnd(LABEL_WIDTH);
  const shown = screen.isTTY ? styleText(style, padded, { stream: screen }) : padded;
  const spent = (result === 'not-observable' ? '–' : `${ms} ms`).padStart(MS_WIDTH);
  const told = detail === '' ? [] : detail.split('\n').map((line) => `${INDENT}${printable(line)}`);
  return [`${shown}${spent}  ${row}`, ...told].map((line) => `${line}\n`).join('');
}

export function summary(reports: readonly RowReport[]): string {
  const count = (result: RowResult) => reports.filter((report) => report.result === result).length;
  const ms = reports.reduce((sum, report) => sum + report.ms, 0);
  return `${count('pass')} passed, ${count('fail')} failed, ${count('not-observable')} not observable, in ${(ms / 1_000).toFixed(1)} s.\n`;
}

import { readFileSync } from 'node:fs';
import { cpuOf } from '../measure';

/** USER_HZ is 100 on every Linux that Node runs on. */
const MS_A_TICK = 10;
const KB_A_MB = 1024;

/** Processor milliseconds so far of a process and all its descendants: Postgres works in children, which come and go. */
export function cpuOfTree(pid: number): number {
  return cpuOf(pid) + cpuOfEnded(pid) + sum(childrenOf(pid).map(cpuOfTree));
}

/** Its current resident memory. For Postgres, only that of the first process: its children share most of theirs. */
export function memoryMbOf(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / KB_A_MB);
}

/** Processor milliseconds of children that have ended and were reaped. */
function cpuOfEnded(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = after.split(' ');
  return (Number(fields[13]) + Number(fields[14])) * MS_A_TICK;
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

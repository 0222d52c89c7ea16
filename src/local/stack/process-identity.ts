import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Fields of /proc/<pid>/stat, counted after the command, which may itself contain spaces and parentheses. */
const STATE = 0;
const START_TIME = 19;
const ZOMBIE = 'Z';

/**
 * Tells a process from a later one with the same pid, by its start time. Undefined if it is gone; a zombie counts as gone,
 * because it no longer holds anything.
 */
export function processIdentity(pid: number): string | undefined {
  return hasProc() ? fromProc(pid) : fromPs(pid);
}

/** The command line of a running process. */
export function processCommand(pid: number): string {
  if (hasProc()) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return execFileSync('ps', ['-o', 'args=', '-ww', '-p', String(pid)], { encoding: 'utf8' });
}

// Small Linux images have no `ps`; other systems have no /proc.
const hasProc = (): boolean => existsSync('/proc/self/stat');

function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE] === ZOMBIE) return undefined;
    // The start time counts from boot: without the boot's id, a process after a reboot could look like an old one.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[START_TIME]}`;
  } catch {
    return undefined; // no such process
  }
}

function fromPs(pid: number): string | undefined {
  try {
    const [state = '', ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return state.startsWith(ZOMBIE) ? undefined : started.join(' ');
  } catch {
    return undefined; // `ps` fails if there is no such process
  }
}

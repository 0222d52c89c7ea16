import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { cpuOf } from '../measure';
import type { Site, System } from './system';

/** The package does not stop while it has a backlog. */
const GRACE_MS = 3_000;

/** A system in its own process, which is kept from round to round: code is compiled before it is measured. */
export class Contestant {
  #child: ChildProcess;
  #before = 0;

  constructor(readonly system: System) {
    this.#child = this.#fork();
  }

  async start(site: Site): Promise<void> {
    this.#before = this.#cpuMs();
    await this.#follow(site);
  }

  /** Returns the processor milliseconds since the start. */
  async stop(): Promise<number> {
    const cpuMs = this.#cpuMs() - this.#before;
    const followed = await Promise.race([this.#follow('stop'), rest(GRACE_MS, 'late')]);
    if (followed === 'late') {
      this.#child.removeAllListeners();
      this.#child.kill('SIGKILL');
      this.#child = this.#fork();
    }
    return cpuMs;
  }

  end(): void {
    this.#child.removeAllListeners();
    if (this.#child.connected) this.#child.disconnect();
  }

  #fork(): ChildProcess {
    return fork(path.join(__dirname, 'child.ts'), [this.system], {
      execArgv: ['--import', 'tsx'],
      // Standard output is reserved for the report.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
  }

  #follow(order: Site | 'stop'): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`${this.system} exited with ${code}`));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(order);
    });
  }

  #cpuMs(): number {
    return cpuOf(this.#child.pid ?? 0);
  }
}

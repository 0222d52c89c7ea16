import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { packageRoot } from '../../src/local/stack/package-root';
import type { StackFile } from '../../src/local/stack/stack-file';
import type { Victim } from './victim';

const RESTART_AFTER_MS = 500;

/** A second relay beside the stack's own, restarted whenever it ends. */
export class KeptRelay implements Victim {
  readonly name = 'the second relay';
  readonly #stopping = new AbortController();
  readonly #kept: Promise<void>;
  #child: ChildProcess | undefined;
  #isReady = false;

  constructor(
    private readonly stack: StackFile,
    private readonly place: { readonly env: NodeJS.ProcessEnv; readonly logFile: string },
  ) {
    this.#kept = this.#keep();
  }

  readonly pid = (): number | undefined => (this.#isReady ? this.#child?.pid : undefined);

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#child?.kill('SIGTERM');
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const child = this.#start();
      this.#child = child;
      child.once('message', () => (this.#isReady = true));
      await once(child, 'exit');
      this.#isReady = false;
      await rest(RESTART_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #start(): ChildProcess {
    const log = openSync(this.place.logFile, 'a');
    const child = spawn(process.execPath, [path.join(packageRoot(), 'dist/src/bin/relay.js')], {
      env: {
        ...process.env,
        ...this.place.env,
        NODE_ENV: 'production',
        DATABASE_URL: this.stack.postgres,
        REDIS_URL: this.stack.redis ?? 'off',
        SANDBOX_URL: this.stack.sandbox,
        SANDBOX_SECRET: this.stack.sandboxSecret,
      },
      // The terminal's Ctrl-C must not reach it; it still ends with us, because the channel closes.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    return child;
  }
}

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Answer, Load, Loaded, Order, Site, System } from './system';

/** A system in its own process, which is kept from round to round: code is compiled before it is measured. */
export class Contestant {
  readonly #child: ChildProcess;

  private constructor(
    readonly system: System,
    env: NodeJS.ProcessEnv,
  ) {
    this.#child = fork(path.join(__dirname, 'child.ts'), [system], {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, NODE_ENV: 'production', ...env },
      // Standard output is reserved for the report.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
  }

  static async start(system: System, site: Site, env: NodeJS.ProcessEnv): Promise<Contestant> {
    const contestant = new Contestant(system, env);
    await contestant.#follow({ start: site });
    return contestant;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async load(load: Load): Promise<Loaded> {
    const loaded = await this.#follow({ load });
    if (loaded === null) throw new Error(`${this.system} was not started`);
    return loaded;
  }

  end(): void {
    this.#child.removeAllListeners();
    if (this.#child.connected) this.#child.disconnect();
  }

  #follow(order: Order): Promise<Loaded | null> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`${this.system} exited with ${code}`));
      child.once('exit', ended);
      child.once('message', (answer: Answer) => {
        child.off('exit', ended);
        if ('done' in answer) resolve(answer.done);
        else reject(new Error(`${this.system}: ${answer.failed}`));
      });
      child.send(order);
    });
  }
}

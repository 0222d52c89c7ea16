import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { FreePorts } from '../../src/local/stack/free-ports';
import { deadMansSwitch } from './dead-mans-switch';
import { eventually } from './eventually';

const TAIL_CHARACTERS = 2_000;

export interface Place {
  readonly dataDir: string;
  readonly port: number;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * A real server for one test file or script, on a free loopback port, with its data in a temporary directory. It starts on demand, and ends
 * with this process, however that ends.
 */
export class OwnServer {
  readonly #orphans: ReturnType<typeof deadMansSwitch>;
  #child: ChildProcess | undefined;

  private constructor(
    readonly place: Place,
    private readonly command: Command,
  ) {
    this.#orphans = deadMansSwitch(place.dataDir);
  }

  /** `prepare` returns the start command, and may do what comes before the first start. */
  static async start(name: string, prepare: (place: Place) => Promise<Command>): Promise<OwnServer> {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), `durable-checkout-${name}-`));
    const place = { dataDir, port: await new FreePorts().pick(0) };
    const server = new OwnServer(place, await prepare(place));
    await server.restart();
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.place.port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Fails like a machine, without closing anything. What was written stays. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Keeps its connections and accepts data, but answers nothing until `thaw`. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** At the same address, with the same data; resolves when it accepts connections. */
  async restart(): Promise<void> {
    const log = openSync(path.join(this.place.dataDir, 'log'), 'a');
    const child = spawn(this.command.command, this.command.args, {
      cwd: this.place.dataDir,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    await once(child, 'spawn');
    this.#orphans.watch(child.pid ?? 0);
    this.#child = child;
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`${this.command.command} did not start:\n${this.#tail()}`);
      return (await this.#takesConnections()) || undefined;
    });
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.place.dataDir, { recursive: true, force: true });
    this.#orphans.disarm();
  }

  #takesConnections(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port: this.place.port });
      socket.once('error', () => resolve(false));
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
    });
  }

  #tail(): string {
    return readFileSync(path.join(this.place.dataDir, 'log'), 'utf8').slice(-TAIL_CHARACTERS);
  }
}

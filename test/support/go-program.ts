import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { programSearch } from './program-search';

/** A program that is built from its Go module, once: it stays in the cache. */
export class GoProgram {
  readonly #name: string;

  constructor(
    private readonly module: string,
    private readonly version: string,
  ) {
    this.#name = path.posix.basename(module);
  }

  get #program(): string {
    return path.join(programSearch().cacheDir, 'programs', `${this.#name}-${this.version}`, this.#name);
  }

  /** What this machine lacks to run it; undefined if nothing. */
  missing(): string | undefined {
    const ready = existsSync(this.#program) || spawnSync('go', ['version']).status === 0;
    return ready ? undefined : `Go, to build ${this.#name}`;
  }

  async path(): Promise<string> {
    const home = path.dirname(this.#program);
    if (existsSync(home)) return this.#program;
    console.log(`Building ${this.#name} ${this.version} into ${home}`);
    await mkdir(path.dirname(home), { recursive: true });
    const draft = await mkdtemp(path.join(path.dirname(home), 'installing-'));
    try {
      const env = { ...process.env, GOBIN: draft };
      await promisify(execFile)('go', ['install', `${this.module}@v${this.version}`], { env });
      await rename(draft, home);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return this.#program;
  }
}

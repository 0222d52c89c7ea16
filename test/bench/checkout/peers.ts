import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A separate package.json, so that only this benchmark installs them. */
const INSTALLED = path.join(__dirname, 'installed');

const resolver = createRequire(path.join(INSTALLED, 'package.json'));

/** False if they cannot be installed; npm has then printed why. */
export function installPeers(): boolean {
  if (existsSync(path.join(INSTALLED, 'node_modules'))) return true;
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: INSTALLED, stdio: ['ignore', 2, 2] });
    return true;
  } catch {
    return false;
  }
}

export const peer = <T>(name: string): T => resolver(name) as T;

/** The program that comes with Restate's npm package for this machine. */
export function restateServerProgram(): string {
  const ofPlatform = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  return path.join(path.dirname(resolver.resolve(`${ofPlatform}/package.json`)), 'bin/restate-server');
}

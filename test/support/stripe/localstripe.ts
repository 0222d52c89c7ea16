import { spawnSync } from 'node:child_process';
import { OwnServer } from '../own-server';
import { pythonPackages } from '../python-packages';

const LOCALSTRIPE = 'localstripe==1.15.10';

/** What this machine lacks to run localstripe; undefined if nothing. */
export const missingForLocalstripe = (): string | undefined =>
  spawnSync('python3', ['-m', 'pip', '--version']).status === 0
    ? undefined
    : 'Python 3 with pip, to install localstripe';

/** A Stripe of other people with a memory: no idempotency, no manual confirmation with a payment method, no page of a bank. */
export async function startLocalstripe(): Promise<OwnServer> {
  const packages = pythonPackages(LOCALSTRIPE);
  return OwnServer.start('localstripe', async ({ port }) => ({
    command: 'python3',
    args: [
      '-c',
      'import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module("localstripe.server", run_name="__main__")',
      packages,
      '--from-scratch',
      '--port',
      String(port),
    ],
  }));
}

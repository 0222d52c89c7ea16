import { spawnSync } from 'node:child_process';
import { OwnServer } from '../own-server';
import { pythonPackages } from '../python-packages';

const LOCALSTRIPE = 'localstripe==1.15.10';

/** What this machine lacks to run localstripe; undefined if nothing. */
export const missingForLocalstripe = (): string | undefined =>
  spawnSync('python3', ['-m', 'pip', '--version']).status === 0
    ? undefined
    : 'Python 3 with pip, to install localstripe';

/** On loopback only, and without the file in which it would keep its memory. */
const PROGRAM = `
import sys
sys.path.insert(0, sys.argv[1])
from aiohttp import web
from localstripe import resources, server
resources.store.dump_to_disk = lambda: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[2]), print=None)
`;

/** A Stripe of other people, with a memory. It has neither idempotency keys nor the page of a bank. */
export async function startLocalstripe(): Promise<OwnServer> {
  const packages = pythonPackages(LOCALSTRIPE);
  return OwnServer.start('localstripe', async ({ port }) => ({
    command: 'python3',
    args: ['-c', PROGRAM, packages, String(port)],
  }));
}

import { FreePorts } from '../../../src/local/stack/free-ports';
import { GoProgram } from '../go-program';
import { OwnServer } from '../own-server';

const STRIPE_MOCK = new GoProgram('github.com/stripe/stripe-mock', '0.203.0');
/** It compiles in half a minute of processor. */
export const STRIPE_MOCK_BUILD_MS = 600_000;

/** What this machine lacks to run stripe-mock; undefined if nothing. */
export const missingForStripeMock = (): string | undefined => STRIPE_MOCK.missing();

/** Stripe's own mock: it checks requests against the published description and answers with examples, without any memory. */
export async function startStripeMock(): Promise<OwnServer> {
  const command = await STRIPE_MOCK.path();
  // It serves HTTPS too, at an address that may be taken, unless it is told where.
  const https = await new FreePorts().pick(0);
  return OwnServer.start('stripe-mock', async ({ port }) => ({
    command,
    args: ['-http-addr', `127.0.0.1:${port}`, '-https-addr', `127.0.0.1:${https}`],
  }));
}

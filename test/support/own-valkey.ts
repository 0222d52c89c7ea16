import { findProgram } from '../../src/local/stack/programs';
import { OwnServer } from './own-server';
import { programSearch } from './program-search';

/** A Valkey that a test may kill; that of the global set-up is shared by all tests. */
export async function startOwnValkey(): Promise<OwnServer> {
  const command = await findProgram('valkey-server', programSearch());
  return OwnServer.start('valkey', async ({ port }) => ({
    command,
    args: ['--bind', '127.0.0.1', '--port', String(port), '--appendonly', 'yes', '--save', ''],
  }));
}

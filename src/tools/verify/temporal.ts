import { Client, Connection } from '@temporalio/client';
import type { TemporalConnectionInfo } from './connections';

const CONNECT_TIMEOUT_MS = 5_000;

/** Calls `work` with a client that does not decrypt, then disconnects. */
export async function withTemporal<T>(
  { address, namespace }: TemporalConnectionInfo,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    return await work(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

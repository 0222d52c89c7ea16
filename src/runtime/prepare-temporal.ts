import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from './search-attributes';

/** Prepares a Temporal server that somebody else runs. Safe to call again. */
export async function prepareTemporal(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}

import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from './search-attributes';

/** Makes a Temporal that others run ready for us. May be called again. */
export async function prepareTemporal(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}

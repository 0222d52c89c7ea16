import { Client, Connection, ServiceError, isGrpcServiceError } from '@temporalio/client';
import { EXIT } from '../terminal/exit-codes';
import type { Source } from './candidate';
import type { ServerOptions } from './options';
import { serverHistories } from './server-histories';
import { SourceUnavailable } from './source-unavailable';

const CONNECT_TIMEOUT_MS = 5_000;
/** gRPC's `INVALID_ARGUMENT`, as a number, so that its package is not needed. */
const INVALID_ARGUMENT = 3;

/** Opens the histories of a live server, passes them to `work`, and disconnects. */
export async function withServer<T>(
  { address, namespace }: { address: string; namespace: string },
  { query, limit }: ServerOptions,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const connection = await connect(address);
  try {
    const client = new Client({ connection, namespace });
    return await work(await serverHistories(client, { filter: query, limit, address }));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { cause } = error;
    const why = isGrpcServiceError(cause) ? cause.details : error.message;
    if (isGrpcServiceError(cause) && Number(cause.code) === INVALID_ARGUMENT) {
      throw new SourceUnavailable(`The server does not understand the query: ${why}`, EXIT.wrongUsage, { cause });
    }
    throw new SourceUnavailable(`${address} did not return its histories: ${why}`, EXIT.notAsPromised, { cause });
  } finally {
    await connection.close();
  }
}

async function connect(address: string): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  } catch (cause) {
    throw new SourceUnavailable(`No Temporal server answers at ${address}.`, EXIT.notAsPromised, { cause });
  }
}

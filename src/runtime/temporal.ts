import { Client, Connection, isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import type { ConnectionLike } from '@temporalio/client';
import type { Config } from './config';
import { required } from './config';
import { dataConverterOf } from '../payloads/data-converter';
import { readableStart } from '../payloads/readable-start';
import { settleWithin } from './time-limit';

/** The deadline of each call, so that nothing hangs while Temporal is paused. */
const RPC_TIMEOUT_MS = 5_000;

export interface TemporalClient {
  /** Runs `work` with a deadline for each of its calls. */
  readonly call: <T>(work: (client: Client) => Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

/** A client that connects at first use, so that the API accepts checkouts while Temporal is away. */
export function lazyTemporalClient(config: Config): TemporalClient {
  const connection = Connection.lazy({ address: required(config, 'TEMPORAL_ADDRESS'), connectTimeout: RPC_TIMEOUT_MS });
  const client = clientOn(connection, config);
  return {
    call: (work) => connection.withDeadline(rpcDeadline(), () => work(client)),
    close: () => connection.close(),
  };
}

/**
 * Calls over a worker's connection: Temporal hands workflows that are started over it to that worker. Such a connection retries by itself
 * beyond the deadline, so the time is limited here as well.
 */
export function callsOver(connection: ConnectionLike, config: Config): TemporalClient['call'] {
  const client = clientOn(connection, config);
  return (work) => {
    const call = () => connection.withDeadline(rpcDeadline(), () => work(client));
    return settleWithin(RPC_TIMEOUT_MS, call, 'Temporal');
  };
}

/** gRPC takes a point in time, and turns it back into a duration by the same clock. */
// eslint-disable-next-line no-restricted-syntax -- see above
const rpcDeadline = (): number => Date.now() + RPC_TIMEOUT_MS;

const clientOn = (connection: ConnectionLike, config: Config): Client =>
  new Client({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: dataConverterOf(config.PAYLOAD_KEYS),
    interceptors: { workflow: [readableStart] },
  });

/**
 * gRPC's `DEADLINE_EXCEEDED`, `UNAVAILABLE`, and `CANCELLED`, which a server answers if it sees our deadline pass before we do; as numbers,
 * so that we need no gRPC package.
 */
const AWAY = [4, 14, 1];

/** True if Temporal, or a worker behind it, did not answer in time: a retry may work. */
export const isTemporalAway = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || (isGrpcServiceError(error) && AWAY.includes(error.code));

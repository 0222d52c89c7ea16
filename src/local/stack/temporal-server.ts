import { createConnection } from 'node:net';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes';
import type { Child, Launch } from './child';
import { until, waitUntilReady } from './wait-until-ready';
import { writeFileAtomically } from './write-file-atomically';

/** It takes one to four seconds to close; whatever it acknowledged is in its file either way. */
const GRACE_MS = 8_000;
const ASK_WITHIN_MS = 2_000;
/** A commit is on disk before it is acknowledged. A write-ahead log needs one sync for that; a rollback journal needs several. */
const DURABLE_IN_ONE_SYNC = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'];
/** By default each shard (there is one) is polled at most 20 times a second, so that a workflow task waits up to 50 ms for dispatch. */
const DISPATCHING = ['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=1000'];
/** The name of our set of flags, which Temporal calls an environment. */
const OURS = 'durable-checkout';

export interface TemporalServerOptions {
  readonly launch: Launch;
  readonly program: string;
  /** Without it, everything is forgotten when the server stops. */
  readonly databaseFile?: string;
  readonly ports: TemporalPorts;
  readonly namespace: string;
  /** The endpoint that decrypts payloads for the Web UI. It contains a secret, so it is passed through this file. */
  readonly codec?: { readonly endpoint: string; readonly file: string } | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly signal?: AbortSignal;
}

export interface TemporalPorts {
  readonly grpc: number;
  readonly ui: number;
  readonly http: number;
}

export interface TemporalServer {
  readonly child: Child;
  readonly address: string;
  readonly ui: string;
}

/** The Temporal dev server with its Web UI, ready once it knows our search attributes. */
export async function startTemporal(options: TemporalServerOptions): Promise<TemporalServer> {
  const { ports, namespace, codec } = options;
  if (codec) writeFileAtomically(codec.file, flagsFile({ 'ui-codec-endpoint': codec.endpoint }));
  const child = options.launch({
    name: 'temporal',
    command: options.program,
    args: [...argumentsFor(options)],
    // Variables meant for Temporal's command line as a client would configure the server.
    env: Object.fromEntries(Object.entries(options.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
    logFile: options.logFile,
    graceMs: GRACE_MS,
  });
  const knowsAttributes = until(() => searchAttributesAreThere(ports.http, namespace));
  const servesUi = until(() => listens(ports.ui));
  await waitUntilReady(
    child,
    (...asked) => Promise.all([knowsAttributes(...asked), servesUi(...asked)]),
    options.signal,
  );
  return { child, address: `127.0.0.1:${ports.grpc}`, ui: `http://127.0.0.1:${ports.ui}` };
}

/** For flags that must not be arguments, which every user of the machine can read. The format is YAML, which includes JSON. */
const flagsFile = (flags: Readonly<Record<string, string>>): string => JSON.stringify({ env: { [OURS]: flags } });

function* argumentsFor({ ports, databaseFile, namespace, codec }: TemporalServerOptions): Iterable<string> {
  yield* ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error', '--log-format', 'json'];
  yield* ['--port', String(ports.grpc), '--ui-port', String(ports.ui), '--http-port', String(ports.http)];
  yield* ['--namespace', namespace, '--ui-disable-news-fetch', ...DISPATCHING];
  if (databaseFile !== undefined) yield* ['--db-filename', databaseFile, ...DURABLE_IN_ONE_SYNC];
  if (codec) yield* ['--env-file', codec.file, '--env', OURS];
  for (const { name } of SEARCH_ATTRIBUTES) yield* ['--search-attribute', `${name}=Keyword`];
}

async function searchAttributesAreThere(port: number, namespace: string): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/cluster/namespaces/${namespace}/search-attributes`, {
    signal: AbortSignal.timeout(ASK_WITHIN_MS),
  });
  const { customAttributes } = (await response.json()) as { customAttributes?: Record<string, unknown> };
  return SEARCH_ATTRIBUTES.every(({ name }) => customAttributes !== undefined && name in customAttributes);
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });

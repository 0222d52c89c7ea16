import { createConnection } from 'node:net';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes';
import type { Child, Launch } from './child';
import { until, waitUntilReady } from './wait-until-ready';
import { writeFileAtomically } from './write-file-atomically';

/** It takes one to four seconds to close; what it has acknowledged is in its file either way. */
const GRACE_MS = 8_000;
const ASK_WITHIN_MS = 2_000;
/** A commit is on disk before it is acknowledged, with one sync of the log in place of several of a journal that comes and goes. */
const DURABLE_IN_ONE_SYNC = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'];
/**
 * Of its shards, of which it has one. By itself each is asked for what is to be dispatched twenty times a second at most, so that a task of
 * a workflow waits for up to 50 ms until a worker hears of it.
 */
const DISPATCHING = ['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=1000'];
/** What Temporal calls an environment: a set of flags by name. */
const OURS = 'durable-checkout';

export interface TemporalServerOptions {
  readonly launch: Launch;
  readonly program: string;
  /** Without it, everything is forgotten when the server stops. */
  readonly databaseFile?: string;
  readonly ports: TemporalPorts;
  readonly namespace: string;
  /** Where the Web UI has payloads decrypted: an address with a secret in it, which goes into this file of ours. */
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
    // Settings for Temporal's command line as a client would be taken for the server's.
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

/** Flags that the arguments must not show: those every user of the machine can read, the file nobody but its owner. YAML, which JSON is. */
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

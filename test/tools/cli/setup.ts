import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import type { CheckoutSnapshot } from '../../../src/tools/cli/checkout-snapshot';
import type { Clock } from '../../../src/tools/terminal/clock';
import type { OnInterrupt } from '../../../src/tools/terminal/interrupts';
import { run } from '../../../src/tools/cli/run';
import type { ShowProviders } from '../../../src/tools/cli/providers';
import type { AfterRestore } from '../../../src/tools/cli/resume';
import type { Screen } from '../../../src/tools/terminal/screen';
import type { Verify } from '../../../src/tools/verify/command';
import { STEPS } from '../../../src/domain/steps';
import type { StepState } from '../../../src/domain/steps';

export const ACCEPTED_AT = Date.parse('2026-01-02T03:04:05.000Z');

/** A checkout whose first steps are in the given states, and the others pending. */
export function aCheckout(states: readonly StepState[] = [], more: Partial<CheckoutSnapshot> = {}): CheckoutSnapshot {
  return {
    id: 'chk_1',
    state: 'running',
    acceptedAt: new Date(ACCEPTED_AT).toISOString(),
    currency: 'USD',
    total: 3000,
    items: [{ sku: 'MUG-BLUE', quantity: 2 }],
    steps: STEPS.map((name, index) => ({ name, state: states[index] ?? 'pending' })),
    ...more,
  };
}

export const completed = aCheckout(
  STEPS.map(() => 'done'),
  { state: 'completed', endedAt: new Date(ACCEPTED_AT + 1_200).toISOString() },
);

/** A clock whose time passes only by resting, which takes no real time. */
export function aClock(onRest: (ms: number) => void | Promise<void> = () => {}): Clock & { readonly rests: number[] } {
  let nowMs = ACCEPTED_AT;
  const rests: number[] = [];
  return {
    rests,
    now: () => nowMs,
    rest: async (ms) => {
      nowMs += ms;
      rests.push(ms);
      await onRest(ms);
    },
  };
}

export type Captured = Screen & { readonly written: () => string };

export function aScreen(
  terminal: { readonly columns: number; readonly rows: number } | undefined = undefined,
): Captured {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const written = () => chunks.join('');
  return terminal ? Object.assign(stream, { written, isTTY: true, ...terminal }) : Object.assign(stream, { written });
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called instead of ending the response after the body. */
  readonly goOn?: (response: ServerResponse) => void;
  /** Called once the answer was sent. */
  readonly onEnd?: () => void;
}
const apiKeys = { merchant: 'sk_sandbox_acme', operator: 'sk_sandbox_operator' };
export type Handler = (request: IncomingMessage, body: string) => Reply;

/** A real HTTP server that answers as the test says; `start` on the same port again is a restart. */
export async function anApi(handler: Handler) {
  const serve = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { status, body, headers, goOn, onEnd } = handler(request, Buffer.concat(chunks).toString());
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.write(typeof body === 'string' ? body : JSON.stringify(body));
        if (goOn) goOn(response);
        else response.end(onEnd);
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await serve(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    start: async () => void (server = await serve(port)),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Runs the command line in this process, and returns what a shell would have seen. */
export async function shell(
  args: readonly string[],
  surroundings: {
    clock?: Clock;
    stdout?: Captured;
    dataDir?: string;
    onInterrupt?: OnInterrupt;
    verify?: Verify;
    afterRestore?: AfterRestore;
    showProviders?: ShowProviders;
  } = {},
) {
  const { clock = aClock(), stdout = aScreen(), dataDir = 'nowhere', verify = async () => 0 } = surroundings;
  const { onInterrupt = () => () => {}, afterRestore = async () => 0, showProviders = async () => 0 } = surroundings;
  const stderr = aScreen();
  const runners = { verify, afterRestore, showProviders };
  const code = await run(args, { stdout, stderr, clock, onInterrupt, dataDir, apiKeys, ...runners });
  return { code, stdout: stdout.written(), stderr: stderr.written() };
}

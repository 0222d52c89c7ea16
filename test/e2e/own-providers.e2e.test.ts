import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { packageRoot } from '../../src/local/stack/package-root';
import { eventually } from '../support/eventually';
import { OwnStack } from '../support/own-stack';
import { idIn, RunningStack } from '../support/running-stack';
import { aDataDir, removeDataDir, runStart } from '../support/test-stack';
import { verify } from '../tools/verify/verify-command';

const FOLDER = mkdtempSync(path.join(os.tmpdir(), 'providers-'));
const stack = new RunningStack();
afterAll(async () => {
  await stack.db.close();
  rmSync(FOLDER, { recursive: true });
});

function fileWith(content: object): string {
  const file = path.join(FOLDER, 'providers.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
}

/** What `npm run <program>` says and exits with, beside the running stack and without its sandbox. */
const run = (program: 'worker' | 'relay', file: string): Promise<Ended> =>
  promisify(execFile)('npm', ['run', '--silent', program], {
    cwd: packageRoot(),
    env: {
      ...process.env,
      ...{ DATABASE_URL: stack.file.postgres, TEMPORAL_ADDRESS: stack.file.temporal, REDIS_URL: 'off' },
      ...{ SANDBOX_URL: '', PROVIDERS_FILE: file },
    },
  }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: Ended) => error,
  );

const PAYMENTS = { adapter: 'http', url: 'http://127.0.0.1:1', secret: { env: 'NOWHERE' } };

test('a worker that lacks providers does not start, and names every role that lacks one', async () => {
  const { code, stdout } = await run('worker', fileWith({ default: { payments: PAYMENTS, mail: PAYMENTS } }));

  expect(code).toBe(1);
  expect(stdout).toMatch(
    /No provider for warehouse \([^)]+\), carrier \([^)]+\): name an adapter for each in PROVIDERS_FILE/,
  );
});

test('a relay that lacks a provider for payments does not start, whoever serves the other roles', async () => {
  const { code, stdout } = await run('relay', fileWith({ default: { warehouse: PAYMENTS, carrier: PAYMENTS } }));

  expect(code).toBe(1);
  expect(stdout).toMatch(/No provider for payments \([^)]+\): name an adapter for each in PROVIDERS_FILE/);
});

test.each(['worker', 'relay'] as const)(
  'a secret that is written out stops the %s, and is not repeated',
  async (each) => {
    const { code, stdout } = await run(each, fileWith({ default: { payments: { ...PAYMENTS, secret: 'canary' } } }));

    expect(code).toBe(1);
    expect(stdout).toContain('default.payments.secret: a secret is never in this file');
    expect(stdout).not.toContain('canary');
  },
);

test('npm start refuses a file with mistakes before anything starts, in sentences for people', async () => {
  const dataDir = aDataDir();
  writeFileSync(path.join(FOLDER, 'broken.mjs'), 'export const create = (;');
  const file = fileWith({ default: { payments: PAYMENTS, mail: { adapter: 'module:./broken.mjs' } } });
  const start = runStart(dataDir, { PROVIDERS_FILE: file });
  let said = '';
  start.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));

  const [code] = (await once(start, 'close')) as [number];
  const started = readdirSync(dataDir);
  removeDataDir(dataDir);

  expect({ code, started }).toEqual({ code: 1, started: [] });
  expect(said.trimEnd().split('\n')).toEqual([
    `PROVIDERS_FILE (${file}) cannot be used:`,
    '  default.payments.secret: the environment variable NOWHERE is not set',
    "  default.mail: ./broken.mjs cannot be loaded: Unexpected token ';'",
  ]);
});

/** A payment processor for one happy order, which writes down what it is asked. */
const PROCESSOR = `
  import { appendFileSync } from 'node:fs';

  export const create = ({ account, journal }) => {
    const answer = (verb, outcome) => async ({ key }) => {
      appendFileSync(journal, \`\${account} \${verb} \${key}\\n\`);
      return { outcome, reference: key };
    };
    return {
      authorize: answer('authorize', 'authorized'),
      void: answer('void', 'voided'),
      capture: answer('capture', 'captured'),
      refund: answer('refund', 'refunded'),
    };
  };`;

test("an order is authorized and captured by a team's own module, which the metrics and verify name", async () => {
  const journal = path.join(FOLDER, 'journal');
  writeFileSync(path.join(FOLDER, 'processor.mjs'), PROCESSOR);
  const payments = { adapter: 'module:./processor.mjs', account: 'eu', journal };
  const own = await OwnStack.start(undefined, { PROVIDERS_FILE: fileWith({ default: { payments } }) });

  const id = idIn(await own.place());
  expect((await own.ended(id)).state).toBe('completed');
  const asked = await eventually(() => {
    const lines = readFileSync(journal, 'utf8').trim().split('\n');
    return lines.some((line) => line.includes('capture')) ? lines : undefined;
  });
  const metrics = await metricsOf(own);
  expect(own.file.providersFile).toBe(path.join(FOLDER, 'providers.json'));
  const { code, unchecked } = await verified(own);
  await own.stop();

  expect(asked).toEqual([`eu authorize ${id}:payment-authorized`, `eu capture ${id}:payment-authorized`]);
  expect(code).toBe(0);
  for (const sentences of unchecked) {
    expect(sentences).toEqual(['payments: 1 order is at module:./processor.mjs eu, outside the sandbox']);
  }
  for (const program of ['worker', 'relay']) {
    expect(metrics).toContain(used(program, 'payments', 'module:./processor.mjs'));
    expect(metrics).toContain(used(program, 'inventory', 'postgres'));
  }
  expect(metrics).toContain(used('worker', 'carrier', 'sandbox'));
  expect(metrics).not.toMatch(/provider_processes\{[^}]*role="payments",adapter="sandbox"/);
  expect(metrics).not.toMatch(/provider_processes\{process="relay",role="carrier"/);
});

/** Once the relay has recorded what settlement did. */
const verified = ({ dataDir }: RunningStack) =>
  eventually(async () => {
    const { code, answer } = await verify(dataDir, ['--settle', '0', '--only', 'P1,P4,P5,P7']);
    const { P1, P4, P5, P7 } = answer.promises;
    return P7.pending > 0 ? undefined : { code, unchecked: [P1, P4, P5, P7].map((verdict) => verdict.unchecked) };
  });

const used = (program: string, role: string, adapter: string): string =>
  `durable_checkout_provider_processes{process="${program}",role="${role}",adapter="${adapter}"} 1\n`;

/** Once it counts both processes: they write to Postgres after they have started, and the API remembers a reading for a while. */
const metricsOf = ({ file }: RunningStack): Promise<string> =>
  eventually(async () => {
    const text = await (await fetch(`${file.api}/metrics`)).text();
    return ['worker', 'relay'].every((each) => text.includes(`provider_processes{process="${each}"`))
      ? text
      : undefined;
  });

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import type { WholeCheckout } from '../../src/checkouts/checkout-view';
import { hasEnded } from '../../src/domain/checkout-states';
import type { Entry } from '../../src/local/sandbox/entry';
import type { StackFile } from '../../src/local/stack/stack-file';
import { aKey, aRequest } from './builders';
import { testEnvironment } from './environment';
import { eventually } from './eventually';

export interface Placed {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** The stack of `npm start` that the global set-up runs, as seen by a client, an operator and an observer. */
export class RunningStack {
  readonly db: Database;

  constructor(readonly dataDir = testEnvironment('E2E_DATA_DIR')) {
    this.db = openDatabase(this.file.postgres, { connections: 10, onIdleError: () => undefined });
  }

  /** Read each time: a restarted part has another pid. */
  get file(): StackFile {
    return JSON.parse(readFileSync(path.join(this.dataDir, 'stack.json'), 'utf8')) as StackFile;
  }

  async place(
    body: unknown = aRequest(),
    {
      key = aKey(),
      apiKey = 'sk_sandbox_acme',
      headers = {},
      api = this.file.api,
    }: { key?: string; apiKey?: string; headers?: object; api?: string | undefined } = {},
  ): Promise<Placed> {
    const response = await fetch(`${api}/v1/checkouts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  }

  /** An operator may read every tenant's; only the merchant is told where its customer approves. */
  async read(id: string, apiKey = 'sk_sandbox_operator'): Promise<WholeCheckout> {
    const headers = { authorization: `Bearer ${apiKey}` };
    const response = await fetch(`${this.file.api}/v1/checkouts/${id}`, { headers });
    if (!response.ok) throw new Error(`GET ${id} answered ${response.status}`);
    return (await response.json()) as WholeCheckout;
  }

  ended(id: string): Promise<WholeCheckout> {
    return eventually(async () => {
      // The API may be restarting: only its answers count.
      const checkout = await this.read(id).catch(() => undefined);
      return checkout && hasEnded(checkout.state) ? checkout : undefined;
    });
  }

  async journal(provider: string, key = ''): Promise<Entry[]> {
    const response = await fetch(`${this.file.sandbox}/journal/${provider}?key=${encodeURIComponent(key)}`);
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Entry);
  }

  /** The processor's answers to an order's saga, without the capture, which comes later. */
  async authorizations(id: string): Promise<string[]> {
    const entries = await this.journal('payments', id);
    return entries.filter(({ operation }) => operation !== 'capture').map(({ outcome }) => outcome);
  }

  async faults(rules: object[]): Promise<void> {
    const response = await fetch(`${this.file.sandbox}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rules }),
    });
    if (!response.ok) throw new Error(`PUT /faults answered ${response.status}: ${await response.text()}`);
  }

  async firedFaults(): Promise<number[]> {
    const report = (await (await fetch(`${this.file.sandbox}/faults`)).json()) as { rules: { fired: number }[] };
    return report.rules.map(({ fired }) => fired);
  }
}

export const idIn = ({ body }: Placed): string => (JSON.parse(body.toString()) as { id: string }).id;

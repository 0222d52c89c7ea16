import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import { checkoutActivities } from '../../../activities';
import { ACCEPT_OPERATION, acceptCheckout } from '../../../src/checkouts/accept-checkout';
import { CHECKOUT_WORKFLOW } from '../../../src/contract/checkout';
import { resourceIdOf } from '../../../src/idempotency/key';
import type { Providers } from '../../../src/providers/open-providers';
import type { Database } from '../../../src/postgres/database';
import { packageRoot } from '../../../src/local/stack/package-root';
import { aRequest } from '../../support/builders';
import { naiveActivities } from './activities';
import { NAIVE_ROWS, OUR_ROWS } from './effects';
import type { naiveCheckout, NaiveOrder } from './workflow';

const TENANT = 'acme';

/** A way to carry out an order. */
export interface Contestant {
  readonly name: string;
  readonly worker: (db: Database, providers: Providers) => Partial<WorkerOptions>;
  /** The query for effects that no provider has a journal of. */
  readonly rows: string;
  /** Carries out a good order under this key; throws if the workflow fails. */
  readonly order: (at: At, key: string) => Promise<void>;
}

export interface At {
  readonly db: Database;
  readonly client: Client;
  readonly taskQueue: string;
}

export const idOf = (key: string): string => resourceIdOf('chk', TENANT, key);

const naive = (name: string, careful: boolean): Contestant => ({
  name,
  worker: (db, providers) => ({
    workflowsPath: require.resolve('./workflow'),
    activities: naiveActivities(db, providers.providerOf),
  }),
  rows: NAIVE_ROWS,
  order: ({ client, taskQueue }, key) => {
    const order: NaiveOrder = { checkoutId: idOf(key), request: aRequest(), careful };
    return client.workflow.execute<typeof naiveCheckout>('naiveCheckout', {
      workflowId: key,
      taskQueue,
      args: [order],
    });
  },
});

const ours: Contestant = {
  name: 'this project',
  worker: (db, providers) => ({
    workflowBundle: { codePath: path.join(packageRoot(), 'dist/workflow-bundle.js') },
    activities: checkoutActivities({ db, ...providers }),
  }),
  rows: OUR_ROWS,
  order: async ({ db, client, taskQueue }, key) => {
    const identity = { tenant: TENANT, operation: ACCEPT_OPERATION, key, fingerprint: randomBytes(32) };
    const asked = { request: aRequest(), traceparent: null };
    await acceptCheckout(db, identity, asked);
    const args = [{ checkoutId: idOf(key), tenant: TENANT }];
    await client.workflow.execute(CHECKOUT_WORKFLOW, { workflowId: key, taskQueue, args });
  },
};

export const CONTESTANTS: readonly Contestant[] = [
  naive('seven calls', false),
  naive('seven calls, retries, undo', true),
  ours,
];

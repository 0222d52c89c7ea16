import { randomBytes } from 'node:crypto';
import { acceptCheckout, ACCEPT_OPERATION } from '../../../../src/checkouts/accept-checkout';
import { startWorkflow } from '../../../../src/checkouts/start-workflow';
import { startOptionsOf } from '../../../../src/checkouts/workflows';
import { checkoutWorkflowId } from '../../../../src/contract/checkout';
import { openDatabase } from '../../../../src/postgres/database';
import { readConfig } from '../../../../src/runtime/config';
import { lazyTemporalClient } from '../../../../src/runtime/temporal';
import { aRequest } from '../../../support/builders';
import type { Start } from '../system';

/** The size of our API's pool. */
const CONNECTIONS = 20;
const FINGERPRINT_BYTES = 32;
const TENANT = 'acme';

/** Ours without HTTP: accepts in Postgres, starts the workflow and waits for its result. */
export const direct: Start = async ({ databaseUrl, temporal }) => {
  const db = openDatabase(databaseUrl, { connections: CONNECTIONS, onIdleError: () => undefined });
  // The payload key is in the environment, where the stack found it too.
  const config = readConfig();
  const client = await lazyTemporalClient({ ...config, TEMPORAL_ADDRESS: temporal }).call(async (made) => made);
  const options = startOptionsOf(config);
  const request = aRequest();
  return {
    one: async (key) => {
      const fingerprint = randomBytes(FINGERPRINT_BYTES);
      const identity = { tenant: TENANT, operation: ACCEPT_OPERATION, key, fingerprint };
      const { claim } = await acceptCheckout(db, identity, { request, traceparent: null });
      await startWorkflow(
        client,
        { checkoutId: claim.resourceId, tenant: TENANT, idempotencyKey: key, request },
        options,
      );
      await client.workflow.getHandle(checkoutWorkflowId(TENANT, key)).result();
    },
  };
};

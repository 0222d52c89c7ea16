import type { Queryable } from '../../../postgres/database';
import { sandboxJournal } from '../sandbox-journal';
import { CLOCKS_DIFFER_MS, shortDigest } from './delivery';
import type { Delivery, SinkRecord } from './delivery';

/** A relay may notice a new endpoint this late. */
const NOTICED_WITHIN_MS = 5_000;

/** An endpoint at the sandbox's receiver, which keeps a journal. */
export interface ReceiverEndpoint {
  readonly id: string;
  readonly tenant: string;
  readonly sandbox: string;
  /** Its name in the receiver's journal. */
  readonly name: string;
  readonly createdAt: Date;
}

interface Receipt {
  readonly seq: number;
  readonly name: string;
  readonly id: string;
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
  /** Null if the receiver was never given the secret. */
  readonly signed: boolean | null;
}

/** The enabled endpoints, and how many are outside the sandbox and cannot be checked. */
export async function readEndpoints(
  db: Queryable,
  sandbox: string | undefined,
): Promise<{ endpoints: ReceiverEndpoint[]; elsewhere: number }> {
  const { rows } = await db.query<{ id: string; tenant: string; url: string; createdAt: Date }>(
    `select id, tenant, url, created_at as "createdAt" from webhook_endpoints where disabled_at is null order by id`,
  );
  if (sandbox === undefined) return { endpoints: [], elsewhere: rows.length };
  const receiver = `${sandbox}/webhooks/`;
  const ours = rows.filter(({ url }) => url.startsWith(receiver));
  return {
    endpoints: ours.map(({ url, ...endpoint }) => ({ ...endpoint, sandbox, name: url.slice(receiver.length) })),
    elsewhere: rows.length - ours.length,
  };
}

/** What the receiver accepted at one endpoint. */
export const webhookRecord = ({ sandbox, name, createdAt }: ReceiverEndpoint): SinkRecord => ({
  wholeSince: createdAt.getTime() + NOTICED_WITHIN_MS + CLOCKS_DIFFER_MS,
  deliveries: receipts(sandbox, name),
});

async function* receipts(sandbox: string, name: string): AsyncGenerator<Delivery> {
  for await (const receipt of sandboxJournal<Receipt>(sandbox, 'webhooks')) {
    if (receipt.name !== name) continue;
    const { seq, id, subject: checkoutId, sequence } = receipt;
    const place = `webhooks ${seq}`;
    // We did not sign it.
    if (receipt.signed === false) yield { place: `${place}, whose signature is wrong,`, event: null };
    else yield { place, event: { id, checkoutId, sequence, digest: shortDigest(receipt.digest) } };
  }
}

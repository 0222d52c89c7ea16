import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { CHECKOUT_WORKFLOW } from '../../../contract/checkout';
import { attributesOf } from '../../../outbox/cloud-event';
import { EVENT_COLUMNS, outboxEventOf } from '../../../outbox/outbox-event';
import type { EventRow } from '../../../outbox/outbox-event';
import type { Queryable } from '../../../postgres/database';
import type { Text } from './check-privacy';
import { inPlainSight, payloadsIn } from './plain-sight';

/** An order has about ten events. */
const EVENTS_OF_AN_ORDER = 10;
/** Only the end of a log is read: months of logs would take minutes. */
const MOST_LOG_BYTES = 32 * 1024 * 1024;

/** The newest workflows: what Temporal lists about each, memo and search attributes included, and its history, raw and decrypted. */
export async function* historyTexts({ workflow }: Client, codec: PayloadCodec, count: number): AsyncGenerator<Text> {
  let left = count;
  for await (const { workflowId, runId, raw } of workflow.list({ query: `WorkflowType = '${CHECKOUT_WORKFLOW}'` })) {
    if (left === 0) return;
    left -= 1;
    const handle = workflow.getHandle(workflowId, runId);
    try {
      const recorded = [raw, (await handle.describe()).raw, await handle.fetchHistory()];
      const decoded = await codec.decode([...payloadsIn(recorded)]);
      yield { kind: 'histories', place: workflowId, text: inPlainSight([recorded, decoded]) };
    } catch (error) {
      // The list lags behind: retention may have deleted the run in the meantime.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}

/** The logs of a stack's parts, line by line. */
export async function* logTexts(directory: string): AsyncGenerator<Text> {
  for (const name of existsSync(directory) ? readdirSync(directory).sort() : []) {
    const file = path.join(directory, name);
    // A log may be rotated while it is read.
    const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
    if (size === 0) continue;
    const start = Math.max(0, size - MOST_LOG_BYTES);
    let number = 0;
    for await (const text of createInterface({ input: createReadStream(file, { start }), crlfDelay: Infinity })) {
      number += 1;
      yield { kind: 'logs', place: `${name}, line ${number}${start === 0 ? '' : ` after byte ${start}`},`, text };
    }
  }
}

export async function* metricsText(api: string): AsyncGenerator<Text> {
  const response = await fetch(`${api}/metrics`);
  if (!response.ok) throw new Error(`${api}/metrics answered ${response.status}`);
  yield { kind: 'metrics', place: '/metrics', text: await response.text() };
}

/** The newest events: the attributes that brokers show as headers, and the data. */
export async function* eventTexts(db: Queryable, orders: number): AsyncGenerator<Text> {
  const { rows } = await db.query<EventRow>(
    `select ${EVENT_COLUMNS} from outbox_events event order by event.txid desc, event.position desc limit $1`,
    [orders * EVENTS_OF_AN_ORDER],
  );
  for (const event of rows.map(outboxEventOf)) {
    yield { kind: 'events', place: `Event ${event.id}`, text: inPlainSight([attributesOf(event), event.data]) };
  }
}

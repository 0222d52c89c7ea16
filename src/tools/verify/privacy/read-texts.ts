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
/** Of a log the end: a stack that was used for months is not read for minutes. */
const MOST_LOG_BYTES = 32 * 1024 * 1024;

/** The newest workflows: what Temporal lists of each, memo and search attributes included, and its history, decrypted as well. */
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
      // The list is behind the truth: retention may have taken the run meanwhile.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}

/** What the parts of a stack wrote, line by line. */
export async function* logTexts(directory: string): AsyncGenerator<Text> {
  for (const name of existsSync(directory) ? readdirSync(directory).sort() : []) {
    const file = path.join(directory, name);
    // A log may be moved on while it is looked at.
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

/** The newest events: what brokers show as headers, and what is inside. */
export async function* eventTexts(db: Queryable, orders: number): AsyncGenerator<Text> {
  const { rows } = await db.query<EventRow>(
    `select ${EVENT_COLUMNS} from outbox_events event order by event.txid desc, event.position desc limit $1`,
    [orders * EVENTS_OF_AN_ORDER],
  );
  for (const event of rows.map(outboxEventOf)) {
    yield { kind: 'events', place: `Event ${event.id}`, text: inPlainSight([attributesOf(event), event.data]) };
  }
}

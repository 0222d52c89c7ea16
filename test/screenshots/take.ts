import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';
import { aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { FAR_AWAY, heldOrder } from '../support/held-order';
import type { HeldOrder } from '../support/held-order';
import { RunningStack } from '../support/running-stack';
import { startTestStack } from '../support/test-stack';
import { openBrowser } from './browser';
import { picturesOf } from './pictures';
import type { Pictures } from './pictures';

const FOLDER = path.join(packageRoot(), '.docs');

/** Long enough to take the picture of the undo that is held up, before it is parked. */
const ATTENTION_AFTER = '30s';
/** Longer than the adapter waits, so that the Web UI shows the attempts. */
const HELD_MS = 120_000;

const completed = heldOrder('order-1001', {});
const declined = heldOrder('order-1002', { payment: { token: 'tok_declined' } });
const soldOut = heldOrder('order-1003', { items: [{ sku: 'SOLD-OUT', quantity: 1 }] });
const unwinding = heldOrder('order-1004', FAR_AWAY, {
  ...{ provider: 'warehouse', operation: 'cancel', kind: 'slow', delayMs: HELD_MS },
});
const parked = heldOrder(
  'order-1005',
  { ...FAR_AWAY, items: [...aRequest().items, { sku: 'TEE-BLACK', quantity: 1 }] },
  { provider: 'warehouse', operation: 'cancel', kind: 'fail-before' },
);
const asked = heldOrder('order-1006', { payment: { token: 'tok_3ds' } });
const ORDERS = [completed, declined, soldOut, unwinding, parked, asked];

/** `npm run docs:screenshots`: places six orders on its own stack, and takes the pictures of the documentation from its Web UI. */
async function main(): Promise<void> {
  mkdirSync(path.join(FOLDER, 'web-ui'), { recursive: true });
  // First, because Chromium may be missing.
  const browser = await openBrowser();
  try {
    const own = await startTestStack(undefined, { ATTENTION_AFTER, FAST_LANE: 'off' });
    const stack = new RunningStack(own.dataDir);
    try {
      const pictures = picturesOf(await browser.newPage(), stack.file.temporalUi ?? '', FOLDER);
      await takeAll(stack, pictures);
      for (const file of pictures.taken) console.log(`  ${path.relative(packageRoot(), file)}  ${sizeOf(file)}`);
    } finally {
      await stack.db.close();
      await own.stop();
    }
  } finally {
    await browser.close();
  }
}

async function takeAll(stack: RunningStack, pictures: Pictures): Promise<void> {
  await stack.faults(ORDERS.flatMap(({ faults }) => faults));
  for (const { key, body } of ORDERS) await stack.place(body, { key });

  await untilUndone(stack, unwinding);
  await pictures.unwinding(unwinding.workflowId);
  // Released, so that only one order is parked in the end.
  await stack.faults([...parked.faults]);
  const { nextAction } = await eventually(async () => {
    const checkout = await stack.read(asked.id, 'sk_sandbox_acme');
    return checkout.nextAction ? checkout : undefined;
  });
  await pictures.approval(nextAction?.url ?? '');
  await pictures.awaiting(asked.workflowId);
  await stack.ended(completed.id);
  await pictures.completed(completed.workflowId);
  await eventually(async () => (await stack.read(parked.id)).state === 'needs-attention' || undefined);
  await pictures.parked(parked.workflowId);
  for (const { id } of [declined, soldOut, unwinding]) await stack.ended(id);
  await pictures.list(parked.workflowId);
}

/** Waits until every step after the fourth is undone, when only the undo that is held up remains. */
const untilUndone = (stack: RunningStack, { id }: HeldOrder): Promise<true> =>
  eventually(async () => {
    const { steps } = await stack.read(id);
    return steps.some((step) => step.name === 'notification-sent' && step.state === 'undone') || undefined;
  });

const sizeOf = (file: string): string => `${Math.round(statSync(file).size / 1024)} KB`;

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
});

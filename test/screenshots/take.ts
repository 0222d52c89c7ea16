import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/stack/package-root';
import { aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { FAR_AWAY, keptOrder } from '../support/kept-order';
import type { KeptOrder } from '../support/kept-order';
import { RunningStack } from '../support/running-stack';
import { startTestStack } from '../support/test-stack';
import { openBrowser } from './browser';
import { picturesOf } from './pictures';

const FOLDER = path.join(packageRoot(), '.docs', 'web-ui');

/** Long enough to take the picture of the undo that is held. */
const ATTENTION_AFTER = '45s';
/** Longer than the adapter waits, so that the Web UI shows the attempts. */
const HELD_MS = 120_000;

const completed = keptOrder('order-1001', {});
const declined = keptOrder('order-1002', { payment: { token: 'tok_declined' } });
const soldOut = keptOrder('order-1003', { items: [{ sku: 'SOLD-OUT', quantity: 1 }] });
const unwinding = keptOrder('order-1004', FAR_AWAY, {
  ...{ provider: 'warehouse', operation: 'cancel', kind: 'slow', delayMs: HELD_MS },
});
const parked = keptOrder(
  'order-1005',
  { ...FAR_AWAY, items: [...aRequest().items, { sku: 'TEE-BLACK', quantity: 1 }] },
  { provider: 'warehouse', operation: 'cancel', kind: 'fail-before' },
);
const ORDERS = [completed, declined, soldOut, unwinding, parked];

/** `npm run docs:screenshots`: plays five orders on a stack of its own and takes the pictures of WEB-UI.md from its Web UI. */
async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  // First, because it is what may be missing.
  const browser = await openBrowser();
  const own = await startTestStack(undefined, { ATTENTION_AFTER });
  const stack = new RunningStack(own.dataDir);
  try {
    const pictures = picturesOf(await browser.newPage(), stack.file.temporalUi ?? '', FOLDER);
    await stack.faults(ORDERS.flatMap(({ faults }) => faults));
    for (const { key, body } of ORDERS) await stack.place(body, { key });

    await untilStep(stack, unwinding, 'undoing');
    await pictures.unwinding(unwinding.workflowId);
    for (const { id } of [completed, declined, soldOut]) await stack.ended(id);
    await pictures.completed(completed.workflowId);
    await untilStep(stack, parked, 'undo-failed');
    await pictures.parked(parked.workflowId);
    await pictures.list(parked.workflowId);
    for (const file of pictures.taken) console.log(`  ${path.relative(packageRoot(), file)}  ${sizeOf(file)}`);
  } finally {
    await browser.close();
    await stack.db.close();
    await own.stop();
  }
}

/** Until the undo of step 4 is there. */
const untilStep = (stack: RunningStack, { id }: KeptOrder, state: string): Promise<true> =>
  eventually(async () => {
    const { steps } = await stack.read(id);
    return steps.some((step) => step.name === 'fulfillment-triggered' && step.state === state) || undefined;
  });

const sizeOf = (file: string): string => `${Math.round(statSync(file).size / 1024)} KB`;

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
});

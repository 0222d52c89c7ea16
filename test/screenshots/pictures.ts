import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

const WIDTH = 1600;
/** Of a page with a few lines. */
const NARROW = 800;

export type Pictures = ReturnType<typeof picturesOf>;

/** The pictures of the documentation. Each is taken once the page shows what the text says about it. */
export function picturesOf(page: Page, webUi: string, folder: string) {
  const taken: string[] = [];
  const workflows = `${webUi}/namespaces/default/workflows`;
  const take = async (name: string, height: number, width = WIDTH): Promise<void> => {
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height }, animations: 'disabled' });
    taken.push(file);
  };
  const open = async (workflowId: string, tab: 'Timeline' | 'User Metadata'): Promise<void> => {
    await page.goto(`${workflows}/${encodeURIComponent(workflowId)}`);
    await page
      .getByRole('tab', { name: tab })
      .or(page.getByRole('link', { name: tab }))
      .first()
      .click();
  };
  const visible = (locator: Locator) => locator.first().waitFor({ state: 'visible' });
  /** The Web UI shows texts of workflows in frames: summary, details, current details. */
  const framed = (at: number, text: string) => visible(page.locator('iframe').nth(at).contentFrame().getByText(text));

  return {
    taken,
    async list(workflowId: string): Promise<void> {
      await page.goto(`${workflows}?query=${encodeURIComponent('CheckoutState="needs-attention"')}`);
      await visible(page.getByText(workflowId));
      await take('web-ui/list', 360);
    },
    async completed(workflowId: string): Promise<void> {
      await open(workflowId, 'Timeline');
      await visible(page.getByText('"trackingNumber"'));
      await visible(page.getByText('7/7 have the label made'));
      await take('web-ui/completed', 1_000);
    },
    async unwinding(workflowId: string): Promise<void> {
      await open(workflowId, 'Timeline');
      await visible(page.getByText('undo 4/7: call the warehouse off'));
      await take('web-ui/unwinding', 1_000);
    },
    async parked(workflowId: string): Promise<void> {
      await open(workflowId, 'User Metadata');
      await framed(0, 'units in');
      await framed(1, 'MUG-BLUE');
      await framed(2, 'undo-failed');
      await take('web-ui/parked', 740);
    },
    async awaiting(workflowId: string): Promise<void> {
      await open(workflowId, 'User Metadata');
      await framed(2, 'to approve the payment');
      await take('web-ui/awaiting', 740);
    },
    async approval(url: string): Promise<void> {
      const size = page.viewportSize();
      await page.setViewportSize({ width: NARROW, height: 380 });
      await page.goto(url);
      await visible(page.getByRole('button', { name: 'Approve' }));
      await take('approve-payment', 300, NARROW);
      if (size) await page.setViewportSize(size);
    },
  };
}

import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

const WIDTH = 1600;

export type Pictures = ReturnType<typeof picturesOf>;

/** The pictures of docs/web-ui.md. Each is taken once the page shows what the text says about it. */
export function picturesOf(page: Page, webUi: string, folder: string) {
  const taken: string[] = [];
  const workflows = `${webUi}/namespaces/default/workflows`;
  const take = async (name: string, height: number): Promise<void> => {
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file, clip: { x: 0, y: 0, width: WIDTH, height }, animations: 'disabled' });
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
      await take('list', 360);
    },
    async completed(workflowId: string): Promise<void> {
      await open(workflowId, 'Timeline');
      await visible(page.getByText('"trackingNumber"'));
      await visible(page.getByText('7/7 have the label made'));
      await take('completed', 1_000);
    },
    async unwinding(workflowId: string): Promise<void> {
      await open(workflowId, 'Timeline');
      await visible(page.getByText('undo 4/7: call the warehouse off'));
      await take('unwinding', 1_000);
    },
    async parked(workflowId: string): Promise<void> {
      await open(workflowId, 'User Metadata');
      await framed(0, 'units in');
      await framed(1, 'MUG-BLUE');
      await framed(2, 'undo-failed');
      await take('parked', 740);
    },
  };
}

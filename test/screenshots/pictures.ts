import path from 'node:path';
import type { Page } from 'playwright-core';

/** The pictures of WEB-UI.md. Each is taken when the page shows what the text says about it. */
export function picturesOf(page: Page, webUi: string, folder: string) {
  const taken: string[] = [];
  const workflows = `${webUi}/namespaces/default/workflows`;
  const take = async (name: string): Promise<void> => {
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    taken.push(file);
  };
  const open = async (workflowId: string, tab: string): Promise<void> => {
    await page.goto(`${workflows}/${encodeURIComponent(workflowId)}`);
    await page.waitForURL(/\/history|\/timeline/);
    await page.goto(page.url().replace(/\/(history|timeline).*$/, `/${tab}`));
  };
  const shows = (text: string) => page.getByText(text).first().waitFor({ state: 'visible' });

  return {
    taken,
    async list(workflowId: string): Promise<void> {
      await page.goto(`${workflows}?query=${encodeURIComponent('CheckoutState="needs-attention"')}`);
      await shows(workflowId);
      await take('list');
    },
    async completed(workflowId: string): Promise<void> {
      await open(workflowId, 'history');
      await shows('7/7 have the label made');
      await take('completed');
    },
    async unwinding(workflowId: string): Promise<void> {
      await open(workflowId, 'history');
      await shows('undo 4/7: call the warehouse off');
      await take('unwinding');
    },
    async parked(workflowId: string): Promise<void> {
      await open(workflowId, 'user-metadata');
      await shows('undo-failed');
      await take('parked');
    },
  };
}

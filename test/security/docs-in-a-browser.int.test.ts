import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromiumPath, openBrowser } from '../screenshots/browser';
import type { Browser } from '../screenshots/browser';
import { apiWorld } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';

const BROWSER = existsSync(chromiumPath());
/** Skipped without Chromium: `.ci/run` installs it where it may, and CHROMIUM is the path of another one. */
const inChromium = BROWSER ? test : test.skip;

let world: ApiWorld;
let api: string;
let browser: Browser | undefined;
beforeAll(async () => {
  world = await apiWorld();
  api = await world.app.listen({ host: '127.0.0.1', port: 0 });
  if (BROWSER) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world.close();
});

test("the pages' policy allows no foreign scripts, and data has its own policy", async () => {
  const policyOf = async (url: string) => (await world.app.inject({ url })).headers['content-security-policy'];

  for (const url of ['/docs', '/docs/', '/docs/static/swagger-ui-bundle.js', '/docs/static/no-such-file']) {
    const policy = await policyOf(url);
    expect(policy).toMatch(/default-src 'none';.*script-src 'self';.*frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*|script-src [^;]*unsafe/);
  }
  expect(await policyOf('/openapi.json')).toBe("default-src 'none'; frame-ancestors 'none'");
});

inChromium('the documentation opens in a browser and gets an answer to a request', async () => {
  const page = await browser!.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));

  await page.goto(`${api}/docs`);
  const operation = page.locator('.opblock', { has: page.locator('[data-path="/healthz"]') });
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  const answered = page.waitForResponse((response) => response.url() === `${api}/healthz`);
  await operation.getByRole('button', { name: 'Execute' }).click();

  expect((await answered).status()).toBe(200);
  await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).first().waitFor();
  expect(errors).toEqual([]);
});

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';

/** Enough room for the Web UI, scaled to four fifths: pictures 1280 pixels wide. */
const SIZE = { width: 1600, height: 1125 };
const SCALE = 0.8;

/** It only visits this machine: no updates, no start page, and no sandbox, which does not work as root. */
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** As long as a slow machine may take for one page. Whoever looks at it has a time-out of their own. */
const PATIENCE_MS = 120_000;

export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** From the variable CHROMIUM, or where Debian installs it. */
export const chromiumPath = (): string => process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** What this machine lacks for it; undefined if nothing. */
export const noChromium = (executablePath = chromiumPath()): string | undefined =>
  existsSync(executablePath)
    ? undefined
    : `Chromium, which is not at ${executablePath} (apt-get install chromium, or set CHROMIUM to its path)`;

/** Chromium with an empty profile. */
export async function openBrowser(executablePath = chromiumPath()): Promise<Browser> {
  const missing = noChromium(executablePath);
  if (missing !== undefined) throw new Error(`This needs ${missing}`);
  const profile = mkdtempSync(path.join(os.tmpdir(), 'chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    timeout: PATIENCE_MS,
    headless: true,
    args: FLAGS,
    viewport: SIZE,
    deviceScaleFactor: SCALE,
    colorScheme: 'light',
    timezoneId: 'UTC',
    locale: 'en-US',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    newPage: () => context.newPage(),
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

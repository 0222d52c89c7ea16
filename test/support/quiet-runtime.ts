import { DefaultLogger, Runtime } from '@temporalio/worker';

let isInstalled = false;

/** Failures on purpose would fill the terminal with warnings. Installed once: a process has one runtime, and the SDK refuses a second. */
export function quietRuntime(): void {
  if (isInstalled) return;
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  isInstalled = true;
}

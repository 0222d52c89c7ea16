import { DefaultLogger, Runtime } from '@temporalio/worker';

/** What fails on purpose would fill the terminal with warnings. */
export const quietRuntime = (): Runtime =>
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });

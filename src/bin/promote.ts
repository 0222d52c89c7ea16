import { EXIT } from '../tools/terminal/exit-codes';
import { listBuilds } from '../deployment/builds';
import { promoteArguments } from '../deployment/promote-arguments';
import { moveAllOrders, promoteBuild } from '../deployment/promote-build';
import { showBuilds } from '../deployment/show-builds';
import { serverAddress } from '../tools/replay/server-address';
import { readConfig } from '../runtime/config';
import { isTemporalAway, lazyTemporalClient } from '../runtime/temporal';

/** Lists the worker's builds, or gives new checkouts to one of them. */
async function main(args: readonly string[]): Promise<number> {
  const wanted = promoteArguments(args);
  if (typeof wanted === 'string') {
    console.error(wanted);
    return EXIT.wrongUsage;
  }
  const { build, withOrders, json } = wanted;
  const config = readConfig();
  const address = serverAddress(config.TEMPORAL_ADDRESS, config.DATA_DIR);
  const temporal = lazyTemporalClient({ ...config, TEMPORAL_ADDRESS: address });
  const { call } = temporal;
  try {
    if (build !== undefined) {
      const known = (await call(listBuilds)).find((one) => one.build === build);
      if (!known?.workers) {
        console.error(
          `No worker of build ${build} is running, so nobody would take new checkouts. Nothing was changed.`,
        );
        return EXIT.notAsPromised;
      }
      await promoteBuild(call, build);
      if (withOrders) console.error(`Moved ${await moveAllOrders(call, build)} open orders to it`);
    }
    const builds = await call(listBuilds);
    console.log(json ? JSON.stringify({ builds }) : showBuilds(builds));
    return EXIT.asPromised;
  } finally {
    await temporal.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => void (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    if (isTemporalAway(error))
      console.error('Temporal did not answer in time. Run the command again: it is safe to repeat.');
    process.exitCode = EXIT.notAsPromised;
  },
);

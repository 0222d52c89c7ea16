import type { Running, Site, Start, System } from './system';
import { floor } from './systems/floor';
import { viaPackage } from './systems/package';
import { relay } from './systems/relay';

const STARTS: Readonly<Record<System, Start>> = { relay, floor, package: viaPackage };

/** Runs one system in a process of its own, so that its processor time can be measured. A site starts it, `stop` stops it. */
function main(): void {
  const start = STARTS[process.argv[2] as System];
  let running: Running | undefined;
  const follow = async (order: Site | 'stop') => {
    if (order === 'stop') await running?.stop();
    else running = await start(order);
    process.send?.('done');
  };
  process.on('message', (order: Site | 'stop') => void follow(order));
  process.on('disconnect', () => process.exit());
}

main();

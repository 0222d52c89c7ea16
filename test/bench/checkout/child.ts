import { drive } from './drive';
import type { Answer, Loaded, Order, Running, Start, System } from './system';
import { accept } from './systems/accept';
import { dbos } from './systems/dbos';
import { direct } from './systems/direct';
import { http } from './systems/http';
import { restate } from './systems/restate';
import { start } from './systems/start';
import { empty, idle, local, naive } from './systems/temporal';

const STARTS: Readonly<Record<System, Start>> = {
  http,
  apart: http,
  direct,
  naive,
  local,
  idle,
  empty,
  dbos,
  restate,
  accept,
  start,
};

/** Runs one system with its clients in a process of its own, so that its processor time can be measured. */
function main(): void {
  const begin = STARTS[process.argv[2] as System];
  let running: Running | undefined;
  const follow = async (order: Order): Promise<Loaded | null> => {
    if ('start' in order) running = await begin(order.start);
    return running && 'load' in order ? drive(running, order.load) : null;
  };
  const tell = (answer: Answer) => void process.send?.(answer);
  process.on('message', (order: Order) => {
    follow(order).then(
      (done) => tell({ done }),
      (error: unknown) => tell({ failed: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}

main();

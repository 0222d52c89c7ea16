import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Command, Tries } from './attacker';

/** Starts the attacker's process. */
export async function runAttacker(api: string, apiKey: string) {
  const child = fork(path.join(__dirname, 'attacker.ts'), [api, apiKey], { execArgv: ['--import', 'tsx'] });
  const exited = once(child, 'exit').then(() => {
    throw new Error('The attacker exited early');
  });
  exited.catch(() => undefined);
  const told = () => Promise.race([once(child, 'message') as Promise<[Tries]>, exited]);
  await told();
  const tell = async (command: Command): Promise<Tries> => {
    const telling = told();
    child.send(command);
    return (await telling)[0];
  };
  return {
    /** Runs `work` beside the attacks: they begin before it, and have ended when this returns. */
    beside: async <T>(command: Command, work: () => Promise<T>): Promise<{ result: T; tried: Tries }> => {
      await tell(command);
      const result = await work();
      return { result, tried: await tell({}) };
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

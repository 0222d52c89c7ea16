import { writeFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT } from '../../src/cli/exit-codes';
import { readOptions } from './options';
import { prove } from './prove';
import { proofLines } from './proof-lines';

/** `npm run prove:outbox`: README.md. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const interrupted = new AbortController();
  process.on('SIGINT', () => interrupted.abort());
  process.on('SIGTERM', () => interrupted.abort());
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);

  say(`Seed ${options.seed}`);
  const { stderr } = process;
  const listener = { say, terminal: stderr.isTTY ? stderr : undefined };
  const proof = await prove(options, listener, interrupted.signal);
  process.stdout.write(proofLines(proof));
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(proof, null, 2)}\n`);
  return proof.ok ? EXIT.asPromised : EXIT.notAsPromised;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // Commander has printed the sentence, or the help.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.asPromised : EXIT.wrongUsage);
    console.error(error);
    process.exit(EXIT.notAsPromised);
  },
);

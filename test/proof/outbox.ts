import { writeFileSync } from 'node:fs';
import { EXIT } from '../../src/tools/terminal/exit-codes';
import { readOptions } from './options';
import { prove } from './prove';
import { proofLines } from './proof-lines';
import { runProgram } from '../support/run-program';

/** `npm run prove:outbox`: README.md. */
async function main(interrupt: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);

  say(`Seed ${options.seed}`);
  const { stderr } = process;
  const listener = { say, terminal: stderr.isTTY ? stderr : undefined };
  const proof = await prove(options, listener, interrupt);
  process.stdout.write(proofLines(proof));
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(proof, null, 2)}\n`);
  return proof.ok ? EXIT.asPromised : EXIT.notAsPromised;
}

runProgram(main);

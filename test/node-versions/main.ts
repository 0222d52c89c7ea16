import { parseArgs } from 'node:util';
import { EXIT } from '../../src/tools/terminal/exit-codes';
import { programSearch } from '../support/program-search';
import { runProgram } from '../support/run-program';
import { cleanInstall } from './clean-install';
import { fetchNode } from './fetch-node';
import { PARTS, tryPart } from './trial';

const MAJORS = [20, 22, 24, 26];
const NEWEST_NPM = 'npm@12';

type Outcome = 'holds' | 'fails' | 'skipped';

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';

/** `npm run test:node-versions [-- --only 22,26]`: each version of Node that we say we run on, and the newest npm. */
async function main(interrupt: AbortSignal): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: MAJORS.join(',') } } });
  const running = Number(process.versions.node.split('.')[0]);
  const outcomes: Outcome[] = [];
  for (const major of values.only.split(',').map(Number)) {
    if (interrupt.aborted) break;
    if (major === running) say(`Node ${major}: runs this, and everything else here`);
    else outcomes.push(await tryNode(major, interrupt));
  }
  if (!interrupt.aborted) outcomes.push(await tryNpm(interrupt));
  const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
  say(`${count('holds')} hold, ${count('fails')} fail, ${count('skipped')} skipped`);
  return interrupt.aborted || count('fails') > 0 ? EXIT.notAsPromised : EXIT.asPromised;
}

async function tryNode(major: number, signal: AbortSignal): Promise<Outcome> {
  let node: string;
  try {
    node = await fetchNode(major, programSearch().cacheDir, signal);
  } catch (error) {
    say(`Node ${major}: skipped, because it cannot be fetched through npm (${firstLine(error)})`);
    return 'skipped';
  }
  let outcome: Outcome = 'holds';
  for (const part of PARTS) {
    const since = performance.now();
    const complaint = await tryPart(node, part, signal);
    const tookS = Math.round((performance.now() - since) / 1_000);
    say(`Node ${major}: ${part.what}: ${complaint === undefined ? 'holds' : 'FAILS'} (${tookS} s)`);
    if (complaint === undefined) continue;
    say(complaint);
    outcome = 'fails';
  }
  return outcome;
}

async function tryNpm(signal: AbortSignal): Promise<Outcome> {
  try {
    const node = await fetchNode(Math.max(...MAJORS), programSearch().cacheDir, signal);
    await cleanInstall(NEWEST_NPM, node, signal);
    say(`${NEWEST_NPM}: npm ci holds`);
    return 'holds';
  } catch (error) {
    say(`${NEWEST_NPM}: npm ci FAILS (${firstLine(error)})`);
    return 'fails';
  }
}

runProgram(main);

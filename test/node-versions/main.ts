import { parseArgs } from 'node:util';
import { EXIT } from '../../src/tools/terminal/exit-codes';
import { programSearch } from '../support/program-search';
import { runProgram } from '../support/run-program';
import { cleanInstall } from './clean-install';
import { fetchNode } from './fetch-node';
import { PARTS, tryPart } from './trial';

const MAJORS = [20, 22, 24, 26];
const NEWEST_NPM = 'npm@12';

type Outcome = 'passed' | 'failed' | 'skipped';

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';

/** `npm run test:node-versions [-- --only 22,26]`: tests every version of Node that we support, and the newest npm. */
async function main(interrupt: AbortSignal): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: MAJORS.join(',') } } });
  const running = Number(process.versions.node.split('.')[0]);
  const outcomes: Outcome[] = [];
  for (const major of values.only.split(',').map(Number)) {
    if (interrupt.aborted) break;
    if (major === running) say(`Node ${major}: skipped, because it runs this and all other tests`);
    else outcomes.push(await tryNode(major, interrupt));
  }
  if (!interrupt.aborted) outcomes.push(await tryNpm(interrupt));
  const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
  say(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  return interrupt.aborted || count('failed') > 0 ? EXIT.notAsPromised : EXIT.asPromised;
}

async function tryNode(major: number, signal: AbortSignal): Promise<Outcome> {
  let node: string;
  try {
    node = await fetchNode(major, programSearch().cacheDir, signal);
  } catch (error) {
    say(`Node ${major}: skipped, because it cannot be fetched through npm (${firstLine(error)})`);
    return 'skipped';
  }
  let outcome: Outcome = 'passed';
  for (const part of PARTS) {
    const since = performance.now();
    const complaint = await tryPart(node, part, signal);
    const tookS = Math.round((performance.now() - since) / 1_000);
    say(`Node ${major}: ${part.what}: ${complaint === undefined ? 'passed' : 'FAILED'} (${tookS} s)`);
    if (complaint === undefined) continue;
    say(complaint);
    outcome = 'failed';
  }
  return outcome;
}

async function tryNpm(signal: AbortSignal): Promise<Outcome> {
  try {
    const node = await fetchNode(Math.max(...MAJORS), programSearch().cacheDir, signal);
    await cleanInstall(NEWEST_NPM, node, signal);
    say(`${NEWEST_NPM}: npm ci passed`);
    return 'passed';
  } catch (error) {
    say(`${NEWEST_NPM}: npm ci FAILED (${firstLine(error)})`);
    return 'failed';
  }
}

runProgram(main);

import { execFile } from 'node:child_process';
import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';

/** One thing that must work. */
interface Part {
  readonly what: string;
  readonly args: readonly string[];
}

/** Far more than a part takes: only a hang lasts longer. */
const LONGEST_MS = 8 * 60_000;
const MOST_OUTPUT = 50_000_000;
/** Enough of the output to see what went wrong. */
const TAIL_CHARACTERS = 4_000;

const inTree = (file: string): string => path.join(packageRoot(), file);

export const PARTS: readonly Part[] = [
  {
    what: 'native modules load',
    args: ['--eval', `require('@swc/core').transformSync('1'); require('@temporalio/core-bridge').newRuntime`],
  },
  {
    what: 'unit tests',
    args: [inTree('node_modules/jest/bin/jest.js'), '--ci', '--silent', '--selectProjects', 'unit'],
  },
  {
    what: "the README's order completes on a whole stack",
    args: [inTree('node_modules/tsx/dist/cli.mjs'), inTree('test/node-versions/first-order.ts')],
  },
];

/** Runs a part, and whatever it starts, with this Node. Resolves with the end of its output if it fails. */
export function tryPart(node: string, { args }: Part, signal: AbortSignal): Promise<string | undefined> {
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}` };
  const options = { cwd: packageRoot(), env, signal, timeout: LONGEST_MS, maxBuffer: MOST_OUTPUT };
  return new Promise((resolve) => {
    execFile(node, args, options, (error, stdout, stderr) =>
      resolve(error ? `${error.message.split('\n')[0]}\n${stdout}${stderr}`.slice(-TAIL_CHARACTERS) : undefined),
    );
  });
}

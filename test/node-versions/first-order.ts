import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/local/stack/package-root';
import { startTestStack } from '../support/test-stack';

/** The address in the README's example order. */
const ADDRESS = 'http://127.0.0.1:3000';

/** The first thing a reader does after `npm start`. */
function readmesCurl(): string {
  const readme = readFileSync(path.join(packageRoot(), 'README.md'), 'utf8');
  const [, command] = /^(curl -i http[^]*?)\n```$/m.exec(readme) ?? [];
  if (!command?.includes(ADDRESS)) throw new Error(`README.md no longer has a curl to ${ADDRESS}`);
  return command;
}

/** Starts a whole stack with the Node that runs this, and places the README's order. Throws unless the order completes. */
async function main(): Promise<void> {
  const { stack, stop } = await startTestStack();
  try {
    const answer = execFileSync('sh', ['-c', `${readmesCurl().replace(ADDRESS, stack.api)} --silent --max-time 60`], {
      encoding: 'utf8',
    });
    if (!/^HTTP\/1.1 201 /.test(answer) || !answer.includes('"state":"completed"')) throw new Error(answer);
  } finally {
    await stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

import { run } from '../tools/provider-kit/run';

const FAILED = 1;

// `npm run provider-kit … | head -1`: the reader has gone, so there is nobody left to tell.
process.stdout.on('error', () => process.exit(FAILED));

run(process.argv.slice(2), process).then(
  (code) => void (process.exitCode = code),
  (bug: unknown) => {
    process.exitCode = FAILED;
    console.error(bug);
  },
);

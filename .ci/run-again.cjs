// Usage: run-again.cjs <Jest's report>. Runs the test files that failed once more, one at a time and with nothing beside them, and amends the
// report: what passes now was disturbed by the load, and is named as flaky. Only a few: more than that is no coincidence.
const { spawnSync } = require('node:child_process');
const { readFileSync, writeFileSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, relative } = require('node:path');

const MOST_FILES = 3;

const [file] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const failuresOf = ({ name, assertionResults }) =>
  assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ file: relative(process.cwd(), name), fullName, failureMessages }));

const report = read(file);
const red = report.testResults.filter(({ status }) => status === 'failed');
const failures = red.flatMap(failuresOf);
const loaded = report.numRuntimeErrorTestSuites === 0;
report.flaky = [];

if (red.length > 0 && red.length <= MOST_FILES && loaded) {
  const dir = mkdtempSync(join(tmpdir(), 'run-again-'));
  const again = join(dir, 'report.json');
  const jest = ['node_modules/jest/bin/jest.js', '--ci', '--runInBand', '--json', `--outputFile=${again}`];
  spawnSync(process.execPath, [...jest, '--runTestsByPath', ...red.map(({ name }) => name)], { stdio: 'inherit' });
  const second = read(again);
  rmSync(dir, { recursive: true });
  if (second.success) {
    Object.assign(report, { flaky: failures, success: true, numFailedTests: 0 });
    report.numPassedTests += failures.length;
  }
}
report.red = report.flaky.length > 0 ? [] : failures;
writeFileSync(file, JSON.stringify(report));
process.exitCode = report.success ? 0 : 1;

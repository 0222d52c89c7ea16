// Usage: count-tests.cjs <Jest's report> <exit code so far>. Prints the count and exits with the verdict.
const { readFileSync } = require('node:fs');

/** Of a failure. */
const LINES = 12;

const [file, soFar] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const report = text === '' ? undefined : JSON.parse(text);

const passed = report?.numPassedTests ?? 0;
// A test file that cannot be loaded has no tests to count, and is a failure all the same. So is a run without a report.
const failed = report ? report.numFailedTests + report.numRuntimeErrorTestSuites : 1;
const skipped = report ? report.numPendingTests + report.numTodoTests : 0;

// At the end of the log, where they are found.
const list = (heading, tests = []) => {
  if (tests.length > 0) console.log(`${tests.length} ${heading}:`);
  for (const { file, fullName, failureMessages } of tests) {
    console.log(`- ${file}: ${fullName}\n  ${failureMessages.join('\n').split('\n').slice(0, LINES).join('\n  ')}`);
  }
};
list('passed only when they were run again, alone', report?.flaky);
list('failed', report?.red);
if (!report) console.log('Jest ended without a report: see above.');
if (report?.numRuntimeErrorTestSuites > 0) console.log(`${report.numRuntimeErrorTestSuites} test files did not run.`);
if (skipped > 0) console.log(`${skipped} skipped`);
if (soFar !== '0' && failed === 0) console.log('All tests passed, and yet something above failed.');
if (passed + failed === 0) console.log('No test ran.');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = soFar === '0' && failed === 0 && passed > 0 && report?.success === true ? 0 : 1;

import { expect, test } from '@jest/globals';
import { readStackFile } from '../../src/local/stack/stack-file';
import { conform, failedIn, reportIn } from '../tools/conformance/conform';
import { testEnvironment } from '../support/environment';

test('keeps the Idempotency-Key contract as seen from outside', async () => {
  const { api } = readStackFile(testEnvironment('E2E_DATA_DIR'));

  const outcome = await conform(['--url', api, '--key', 'sk_sandbox_acme', '--json']);

  const report = reportIn(outcome);
  expect(failedIn(report)).toEqual([]);
  expect(report.rows).toContainEqual(
    expect.objectContaining({ row: 'Prefer: wait=N, the customer has to act', result: 'pass' }),
  );
  expect({ code: outcome.code, ok: report.ok }).toEqual({ code: 0, ok: true });
});

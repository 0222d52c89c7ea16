import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { describeWith } from '../support/describe-with';
import { inRoot } from '../house/markdown-tables';

const TESTS = 'test/alerts/prometheus-alerts.test.yml';
const missing = spawnSync('promtool', ['--version']).status === 0 ? undefined : 'promtool (apt-get install prometheus)';

describeWith(missing, 'the alert rules in Prometheus', () => {
  test('each alert fires on its fault, and none fires while all is well', () => {
    expect(execFileSync('promtool', ['test', 'rules', inRoot(TESTS)], { encoding: 'utf8' })).toContain('SUCCESS');
  });
});

test('every rule is tested with a fault', () => {
  const { groups } = parse(readFileSync(inRoot('deploy/prometheus-alerts.yml'), 'utf8')) as {
    groups: { rules: { alert: string }[] }[];
  };
  const tried = readFileSync(inRoot(TESTS), 'utf8');

  const untried = groups.flatMap(({ rules }) => rules).filter(({ alert }) => !tried.includes(`alertname="${alert}"`));

  expect(untried).toEqual([]);
});

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/runtime/settings/settings';
import { inRoot, read } from './markdown-tables';

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
};
const lines = read('Dockerfile').split('\n');
/** What is copied from the tree, not from an earlier stage. */
const copied = lines
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
  .flatMap((line) => line.split(' ').slice(1, -1));

const ours = Object.values(services).filter(({ image }) => image === 'durable-checkout');

test('docker-compose.yml builds the Dockerfile for each of our processes, and runs programs that exist', () => {
  expect(ours.length).toBeGreaterThan(5);
  for (const { build, command } of ours) {
    expect(build).toEqual({ context: '.', dockerfile: 'Dockerfile' });
    for (const [, program = ''] of String(command).matchAll(/dist\/(\S+?)\.js/g)) {
      expect([program, existsSync(inRoot(`${program}.ts`))]).toEqual([program, true]);
    }
  }
});

test('docker-compose.yml sets only variables that are settings', () => {
  const set = new Set(ours.flatMap(({ environment = {} }) => Object.keys(environment)));

  expect([...set].filter((name) => !(name in SETTINGS))).toEqual([]);
});

test('the Dockerfile copies files that exist, and everything that the build compiles', () => {
  const { include } = JSON.parse(read('tsconfig.json')) as { include: readonly string[] };

  expect(copied.filter((file) => !existsSync(inRoot(file)))).toEqual([]);
  expect(copied).toEqual(expect.arrayContaining([...include, 'package.json', 'package-lock.json', 'tsconfig.json']));
});

test('.dockerignore allows what the Dockerfile copies, and nothing else', () => {
  const rules = read('.dockerignore')
    .split('\n')
    .filter((line) => /^[^#]/.test(line));

  expect(rules[0]).toBe('*');
  expect(rules.slice(1).sort()).toEqual(copied.map((file) => `!${file}`).sort());
});

test('the image does not run as root, has a Node that package.json allows, and has no build tools', () => {
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };

  expect(last[0]).toMatch(new RegExp(`^FROM node:${/\d+/.exec(engines.node)?.[0]}-`));
  expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000']);
  expect(read('Dockerfile')).toContain('npm prune --omit=dev');
});

test('no copied folder has a file that may hold a secret', () => {
  const isSecret = (file: string) => /^\.env($|\.)|secrets\.json$|\.pem$/.test(path.basename(file));

  for (const folder of copied.filter((file) => !file.includes('.'))) {
    expect(readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' }).filter(isSecret)).toEqual([]);
  }
});

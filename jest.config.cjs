const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  // `cookie` 2 comes as an ES module only, which Jest on Node 20 cannot load as it is.
  transformIgnorePatterns: ['/node_modules/(?!cookie/|content-disposition/)'],
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs', ignoreDynamic: true },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/', '<rootDir>/.data/'],
};

const kind = (name, setup) => ({
  ...shared,
  displayName: name,
  testMatch: [`<rootDir>/test/**/*.${name}.test.ts`],
  ...setup,
});

module.exports = {
  maxWorkers: 2,
  // For what hangs, and not for what is slow: a machine under load, or with a slow disk, passes as well.
  testTimeout: 300_000,
  projects: [
    kind('unit', {}),
    kind('int', {
      globalSetup: '<rootDir>/test/support/int-setup.ts',
      globalTeardown: '<rootDir>/test/support/int-teardown.ts',
    }),
    kind('e2e', {
      globalSetup: '<rootDir>/test/support/e2e-setup.ts',
      globalTeardown: '<rootDir>/test/support/e2e-teardown.ts',
    }),
  ],
};

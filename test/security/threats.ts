/* eslint-disable max-lines -- one table with independent rows */
/** An attack and what shows its failure: by file, the titles of tests or `describe`s; `script: <name>` is one of package.json's. */
interface Threat {
  readonly attack: string;
  readonly shownBy: Readonly<Record<string, readonly string[]>>;
}

/** The attacks on the service, one a row: OWASP's API list, and what Temporal and payments add. */
export const THREATS: readonly Threat[] = [
  {
    attack: "another tenant's key, checkout id, events stream, cancel",
    shownBy: {
      'security/routes.int.test.ts': [
        'checkout, events stream, cancel and webhook get the same 404 as ones that do not exist, on every route',
        'checkout is denied with the same queries as one that does not exist, so timing does not tell them apart',
      ],
      'api/idempotency-table.int.test.ts': [
        'same key, other tenant: another checkout, and no answer reveals that the other exists',
      ],
    },
  },
  {
    attack: 'missing, short, truncated, revoked API key',
    shownBy: {
      'security/routes.int.test.ts': [
        'answers a missing, short, truncated, lengthened or revoked API key with the same 401 on every route',
      ],
      'api/access.int.test.ts': ['accepts a key it created, and stores only its digest'],
    },
  },
  {
    attack: 'merchant key on /v1/ops',
    shownBy: {
      'security/routes.int.test.ts': ['answers a merchant key with 403 on every operator route'],
      'api/access.int.test.ts': ['every route has an access rule, and only these routes are public'],
    },
  },
  {
    attack: 'price, total, status, tenant, discount, step results in the body',
    shownBy: { 'api/validation.int.test.ts': ['names a field that is not allowed', 'also inside an item'] },
  },
  {
    attack: 'invalid quantities and amounts, exponents, overflow',
    shownBy: {
      'api/validation.int.test.ts': ['refuses bad quantities and amounts instead of coercing them'],
      'security/numbers.int.test.ts': [
        'for 10,000 quantities and amounts, answers 202 to whole numbers within bounds and 400 to all others, never 500',
      ],
      'security/numbers.unit.test.ts': [
        'quantity × price is exact, or refuses to become a JSON number',
        'formats any amount with the digits of its currency',
      ],
      'activities/create-order.int.test.ts': ['refuses a total that does not fit a JSON number'],
    },
  },
  {
    attack: '__proto__, duplicate members, NUL, lone surrogates, deep nesting, 10,000 lines',
    shownBy: {
      'security/bodies.int.test.ts': [
        'refuses ambiguous or invalid JSON',
        'bytes that are not UTF-8, which would be stored as something else',
        'ten thousand lines, as too many or as too large',
      ],
    },
  },
  {
    attack: 'odd Content-Types',
    shownBy: { 'security/bodies.int.test.ts': ['answers content type %j with 415, and starts no workflow'] },
  },
  {
    attack: 'body over 64 KiB, slow headers, slow body, a thousand open streams',
    shownBy: {
      'security/slow-and-large.int.test.ts': [
        'answers a body over 64 KiB of undeclared length with 413',
        'answers %s with 408, and closes the connection',
        'answers other requests beside a thousand open streams',
      ],
      'api/checkout-events-load.int.test.ts': [
        'answers 503 when all streams are taken, 429 when one key has too many, and a 404 takes none',
      ],
    },
  },
  {
    attack: 'bodies that cost more to scan than to send: groups of digits, nested arrays',
    shownBy: {
      'security/card-data-cost.unit.test.ts': [
        'scanning a body full of %j takes at most a constant factor longer than plain text',
        'scanning for card numbers takes linear time, whatever the body is full of',
      ],
      'security/cheap-refusals.unit.test.ts': ['refuses %s without making a stack trace'],
      'security/costly-bodies.int.test.ts': [
        'refuses %s on every route before it descends into them',
        'answers 5,000 nested arrays in the body of a checkout with 400',
        'only the checkout route reads a body of 64 KB full of groups of digits',
        'has a small limit on %s',
      ],
      'local/sandbox/nested.unit.test.ts': [
        'answers 5,000 nested arrays sent to %s with 400 before it descends into them',
      ],
      'payloads/codec-server/codec-server.unit.test.ts': [
        'answers %d nested arrays with 400 before it descends into them',
      ],
    },
  },
  {
    attack: 'what Node itself refuses, bodies declared as compressed, preferences in quotes, paths with a NUL',
    shownBy: {
      'security/answers-of-node.int.test.ts': [
        'answers %s with a problem that has the usual headers',
        'answers %s with the documented request-timeout',
        'the documentation of each route has the answers that HTTP itself can cause',
        'answers Content-Encoding %s on a plain body with 415',
        'does not replay an answer for the same bytes declared as compressed',
        'a path with a NUL or a malformed escape on any route causes no error of ours, with or without a key',
        'answers GET /docs/static/%00 with a 404 problem, and logs nothing',
      ],
      'api/prefer.unit.test.ts': ['reads %j as a wait of %d s', 'reads %j as no wait'],
    },
  },
  {
    attack: 'scripts in the documentation, or a page of another origin around it',
    shownBy: {
      'security/docs-in-a-browser.int.test.ts': [
        "the pages' policy allows no foreign scripts, and data has its own policy",
        'the documentation opens in a browser and gets an answer to a request',
      ],
    },
  },
  {
    attack: 'an intruder writes to Redis: foreign answers, other shapes, 20 MB, headers with CR/LF',
    shownBy: {
      'security/foreign-cache-entries.int.test.ts': [
        'ignores a foreign acceptance under an unused key: the order is placed and gets its own answer',
        'ignores the acceptance of another tenant under the same key',
        'ignores an acceptance in the place of an outcome',
        'to have %s is a miss, counted, and replaced',
        '%j is a miss, and counted',
        '%s is a miss, counted, and does not stop the use of Redis',
        'treats 20 MB under a key as a miss, and does not fetch them',
        'a copy in memory lives no longer than its entry',
      ],
      'idempotency/cache-entry.unit.test.ts': [
        'calls any random bytes forged, and never throws',
        'calls an entry forged if any one bit was changed',
        'calls an entry forged under another name or secret, and when it was cut or extended',
        'calls an authentic entry of another version malformed: %j',
      ],
      'idempotency/rejected-entries.unit.test.ts': [
        'reports the first rejected entry immediately, later ones once a minute with their number, and counts all',
      ],
    },
  },
  {
    attack: 'CLIENT PAUSE of Redis',
    shownBy: {
      'security/paused-redis.int.test.ts': [
        'while Redis is paused (CLIENT PAUSE), one request waits briefly, all are answered, and later Redis is used again',
      ],
    },
  },
  {
    attack: 'bursts, spoofed X-Forwarded-For, Redis gone',
    shownBy: {
      'security/bursts.int.test.ts': [
        'answers a burst of one API key with 429 and RateLimit headers, for the rest of the window, without affecting others',
        "ignores a spoofed X-Forwarded-For: a public page counts the connection's address, an API key counts as itself",
        'without Redis, still limits requests and accepts checkouts',
        'counts a burst over several processes as one',
      ],
    },
  },
  {
    attack: 'random API keys by the thousand, from one address or from many',
    shownBy: {
      'security/wrong-keys.int.test.ts': [
        'refuses thousands of random keys before asking Postgres, while a known key goes on',
        'valid keys that a process sees for the first time do not count, however many come from one address',
        'answers a malformed key such as %s with 401, limited like others, without asking Postgres',
        'made-up keys from thousands of addresses do not push a valid key out of the cache',
        'limits the connections that unknown keys may use, and answers the rest with 503 and Retry-After',
        'counts one IPv6 network as one address, and two as two',
        'trusts X-Forwarded-For from configured proxies only',
        'a wrong key costs no more than a plain request',
      ],
      'runtime/shared-counter.unit.test.ts': [
        'remembers frequent callers although twenty thousand other addresses call',
      ],
    },
  },
  {
    attack: 'errors provoked by the thousand without a key; clients that hang up at any moment',
    shownBy: {
      'security/log-floods.int.test.ts': [
        'logs thousands of 503s provoked without a key as one line, and then one with the count',
        'does not log clients that disconnect in the middle of their body',
        'logs a bug with its stack, however many errors of another kind there are',
      ],
      'runtime/repeated-lines.unit.test.ts': ['limits how many kinds it tells apart'],
      'runtime/keep-log-small.unit.test.ts': [
        'endless errors do not fill the disk: it keeps three files of limited size, with the newest lines',
        'a rotated log loses and tears no line',
      ],
      'local/stack/supervisor.unit.test.ts': [
        'rotates the log of a program that never stops writing, and still shows its last lines',
      ],
    },
  },
  {
    attack: 'keys with spaces, CR/LF, 300 characters, two headers, emoji',
    shownBy: { 'security/keys.int.test.ts': ['answers a key with %s with 400, and starts nothing'] },
  },
  {
    attack: 'card number or CVV anywhere in the body',
    shownBy: {
      'security/card-data.unit.test.ts': [
        'recognizes the card number %s',
        'recognizes the security code in %s',
        'does not take %s for a card number',
      ],
      'security/card-data.int.test.ts': [
        'answers a card number in %s with 400 and names the field, not the number',
        'answers a field %s with 400',
        "answers a card number in an operator's reason with 400",
        'does not log what it refused, even at the most detailed level',
      ],
    },
  },
  {
    attack: 'list filters with quotes and operators',
    shownBy: {
      'api/access.int.test.ts': ['refuses an invalid cursor and an invalid filter by field name'],
      'api/outbox.int.test.ts': ['refuses %s by field name'],
      'security/hostile-text.int.test.ts': ['refuses a filter %s of dead letters by field name'],
    },
  },
  {
    attack: 'webhook addresses that are private, or become so',
    shownBy: {
      'webhooks/endpoints.int.test.ts': ['is not created for %s'],
      'webhooks/send.unit.test.ts': [
        'refuses when sending, without a connection',
        'rebinding name',
        'redirect to private',
        'connects to the address it checked, and resolves the name once',
      ],
    },
  },
  {
    attack: 'webhook endpoint, or provider: 101, 1xx without end, 200 and a dripped body, half a header, never a byte',
    shownBy: {
      'webhooks/hostile-answers.unit.test.ts': [
        'settles a call to an endpoint that answers with %s, and frees its socket',
        'delivers despite a dripping body, and closes the socket once the status is known',
        'cuts off endless 1xx answers long before the timeout',
      ],
      'adapters/http/bad-answers.unit.test.ts': [
        'settles a call to a provider that answers with %s as one that may have acted',
      ],
    },
  },
  {
    attack: 'forged, stale, replayed webhook',
    shownBy: {
      'security/routes.int.test.ts': [
        "no route takes a provider's word: what comes in signed only makes us ask the provider, under our own key",
      ],
      'provider-inbox/webhooks.int.test.ts': [
        'a genuine webhook is stored once, however often it is repeated',
        'a webhook with %s is forged',
        'a webhook that is too %s is refused, so a recorded one is good for nothing',
        'an order %s is not found',
        'a genuine webhook that %s is taken without effect, so that nobody repeats it',
        'a body beyond the limit is refused before it is read',
      ],
      'provider-inbox/payment-webhooks.int.test.ts': [
        'a webhook decides nothing: it only has the checkout told, whatever it says',
        'a webhook that is repeated, ten times at once and later, has the checkout told once',
        'a webhook of a platform that %s reaches no order',
        'the payment has to be the one that was stored under the key, as soon as one is',
        'a provider that never stops cannot fill the history of a checkout',
      ],
      'examples/webhook-consumer.int.test.ts': [
        'answers a forged one with 401 and does not apply it',
        'answers a stale one with 400 and does not apply it',
        'accepts a replayed one, and ten at the same time, and applies it once',
      ],
    },
  },
  {
    attack: 'a literal secret in PROVIDERS_FILE, or a module from elsewhere',
    shownBy: {
      'providers/providers-file.unit.test.ts': ['refuses a literal secret %s, without repeating it'],
      'providers/own-module.int.test.ts': ['a relay refuses %s, with a sentence, and runs none of it'],
    },
  },
  {
    attack: "an order's provider changed in the file while it is under way",
    shownBy: {
      'providers/order-stays.int.test.ts': [
        'an order is captured and shipped where it began, after the file has changed',
        'an order is undone where it began, after the file has changed',
        'a process does not start without a provider that orders need, and says how many',
      ],
    },
  },
  {
    attack: 'provider answers with another amount, unknown status, redirect, too much, HTML, success after a void',
    shownBy: {
      'adapters/http/bad-answers.unit.test.ts': ['throws a message without personal data for %s'],
      'adapters/http/bad-payments.unit.test.ts': ['rejects an authorization with %s', 'rejects a capture with %s'],
      'adapters/http/hostile-providers.unit.test.ts': [
        'hangs up early on a provider that answers with %s',
        'does not authorize when a provider answers with %s',
      ],
      'activities/authorize-payment.int.test.ts': ['an authorization that arrives after its void holds no money'],
      'local/sandbox/any-order.unit.test.ts': [
        'in any order of calls, a key holds money at most once, and never after a void or beside a capture',
      ],
      'tools/verify/check-money.unit.test.ts': ['finds a capture of a refused or cancelled order'],
    },
  },
  {
    attack: 'hostile text in names, SKUs, references',
    shownBy: {
      'security/hostile-text.int.test.ts': [
        '%j goes unchanged to the carrier and the mailer, and to nobody else',
        'refuses %j as a SKU, which the Web UI shows',
        "refuses %j as an operator's reason, which the Web UI shows",
        'answers malformed ids with 400 on every route, and queries nothing',
      ],
      'adapters/own-label/label-pdf.unit.test.ts': ['hostile text is text'],
      'adapters/smtp/smtp-injection.int.test.ts': ['the name of goods is text'],
      'tools/cli/watch.unit.test.ts': ['a control sequence from the server does not reach the terminal'],
    },
  },
  {
    attack:
      'bidirectional, zero-width, tag and line-separator characters on the command line; an answer without an end',
    shownBy: {
      'tools/cli/hostile-answers.unit.test.ts': [
        'shows a %s character from a customer or a provider as an escape',
        'a raw escape in a usage error does not reach the terminal',
        'gives up on an endless answer, and does not keep it',
        'gives up on an endless event',
      ],
    },
  },
  {
    attack: 'mail header and recipient injection',
    shownBy: {
      'api/validation.int.test.ts': ['e-mail %j'],
      'security/hostile-text.int.test.ts': ['%j goes unchanged to the carrier and the mailer, and to nobody else'],
      'adapters/smtp/smtp-injection.int.test.ts': [
        'an address that is not exactly one is not written to: %j',
        'a name adds no header, no recipient, no markup and no link',
      ],
    },
  },
  {
    attack: "another tenant's shipping label",
    shownBy: { 'api/label.int.test.ts': ['no label is a 404 in the same words, whatever the reason'] },
  },
  {
    attack: 'codec server: anonymous, other origin, its token in a list of processes, bodies of a million payloads',
    shownBy: {
      'payloads/codec-server/codec-server.unit.test.ts': [
        'answers 401 to an anonymous request with %s',
        'answers 403 to a page of origin %s that knows the token, without CORS headers',
      ],
      'security/codec-server.unit.test.ts': [
        'refuses four megabytes of %s about as fast as one payload of that size',
        'answers a thousand payloads with no more bytes than were sent, and refuses one more',
      ],
      'security/codec-token.int.test.ts': [
        "the codec server's token is in no process arguments, and the Web UI has it nevertheless",
      ],
    },
  },
  {
    attack: 'contradictory repairs of one case at the same time',
    shownBy: {
      'api/contradictory-repairs.int.test.ts': [
        'applies one of %s sent at the same time for one case, and names the first operator to the other',
        'does not apply a decision that was under way while another one was made',
      ],
      'workflows/one-decision.int.test.ts': [
        'the first decision holds the case before anything is awaited, until it is done',
      ],
    },
  },
  {
    attack: "acts of another tenant's operator, and acts on everything with a key of one tenant",
    shownBy: {
      'security/operators-of-one-tenant.int.test.ts': [
        'gets the same 404 as for what does not exist, 403 for what concerns all tenants, and changes nothing',
        "sees nothing of it in any list, where its own tenant's operator does",
      ],
    },
  },
  {
    attack: 'concurrent webhooks beyond the twenty that a tenant may have',
    shownBy: {
      'security/webhooks-at-once.int.test.ts': [
        'creates twenty of eighty webhooks requested at the same time, and refuses the others with the reason',
      ],
    },
  },
  {
    attack: 'operator acts: cross-site post, double click',
    shownBy: {
      'security/browsers.int.test.ts': [
        'a cross-site post to any operator route has no key, whatever a browser adds by itself',
        'and with a key, it is refused because it is not JSON',
        'a page of another origin gets no CORS headers and no cookie',
      ],
      'api/operations.int.test.ts': ['retries a parked undo once per key, records who did it, and the order ends'],
      'api/outbox.int.test.ts': ['plans a redrive, starts it once per key, and reports it to its end'],
    },
  },
  {
    attack: 'canary strings in every personal field',
    shownBy: {
      'e2e/canary.e2e.test.ts': [
        'finds every canary where it belongs, since a search that finds nothing anywhere proves nothing',
        'finds no canary in histories, memos, search attributes, summaries or details, decrypted or not',
        'finds no canary in any log',
        'finds no canary in events, and keeps no address at which a payment was approved',
        'finds none in the metrics, or in Redis: cached answers, counters, the stream of events',
      ],
    },
  },
  {
    attack: "somebody else than the merchant's customer gets the address at which a payment is approved",
    shownBy: {
      'api/awaiting-customer.int.test.ts': [
        'an operator is not told the address, on no route',
        'a list finds it by its state, and has no addresses',
        'neither the log of events nor Redis has the address',
        'once it is being cancelled, nobody is asked, and a POST waits for the outcome',
      ],
      'e2e/canary.e2e.test.ts': [
        'finds no canary in any log',
        'finds no canary in events, and keeps no address at which a payment was approved',
      ],
    },
  },
  {
    attack: 'a Postgres backend killed just after rolled-back transactions; a failover',
    shownBy: {
      'outbox/server-crash.int.test.ts': [
        'a crash of Postgres, after which transaction ids are used again, loses no event',
        'a relay process survives the same crashes, and stops in order',
        'a page that was begun before a crash moves no cursor after it, and parks nothing',
      ],
      'outbox/failover.int.test.ts': [
        'a standby that takes over at the same address loses no event, and the cursors record its timeline',
      ],
    },
  },
  {
    attack: 'thousands of pipelined requests on one connection, answers never read',
    shownBy: {
      'security/pipelining.unit.test.ts': [
        '7,500 pipelined requests for a public document on five connections that are never read hardly delay other clients',
        'stops reading from a connection whose answer is not read, and answers every request once it is',
        'when too many requests wait, cuts off the clients that sent many and answers one that sent a few',
      ],
      'security/stream-seats.int.test.ts': [
        'frees every seat of a thousand streams pipelined on one connection that is then destroyed',
        'pipelined streams take one seat per connection, for as long as the first of them is open',
      ],
      'security/public-documents.unit.test.ts': [
        'renders a document once, however often it is requested',
        'answers a flood of document requests with 429 long before other routes, which go on',
      ],
    },
  },
  {
    attack: 'a client that hangs up while its key is looked up',
    shownBy: {
      'security/stream-seats.int.test.ts': [
        'keeps no seat for clients that disconnect while their key is looked up and Postgres is stalled',
      ],
      'api/event-stream/stream-limits.unit.test.ts': ['finds a seat whose connection is gone, reports it and frees it'],
    },
  },
  {
    attack: 'slow headers, slow bodies and half-closed connections by the thousand',
    shownBy: {
      'security/held-connections.unit.test.ts': [
        'survives a thousand %s: others are answered, and every socket is freed',
      ],
    },
  },
  {
    attack: 'tampered cursors, and cursors of others',
    shownBy: {
      'security/tampered-cursors.int.test.ts': [
        'answers a tampered cursor of %s with 400 or with rows that the caller may see',
        "another tenant's cursor shows none of its checkouts",
      ],
    },
  },
  {
    attack: 'an unlimited number of new label values in metrics',
    shownBy: {
      'security/metric-labels.int.test.ts': ['no label has an unknown value, whatever a client makes up'],
    },
  },
  {
    attack: 'one key from a hundred connections over a stopped API and a restarted Postgres',
    shownBy: {
      'e2e/one-key-through-restarts.e2e.test.ts': [
        'one key from a hundred connections, over a stopped API and a restarted Postgres: one order, and the same answer for all',
      ],
    },
  },
  { attack: 'requests generated from the schemas', shownBy: { 'script: test:api-fuzz': [] } },
];

import { createHash } from 'node:crypto';
import type { Entry } from './entry';
import { EXPIRED } from './payments';
import type { Standing } from './provider';

const STYLE = `
  :root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
  body { margin: 0; }
  main { max-width: 32rem; margin: 0 auto; padding: 2rem 1rem; }
  h1 { font-size: 1.5rem; }
  form { display: inline-block; margin: 0 1rem 1rem 0; }
  button { font: inherit; min-height: 3rem; padding: 0 1.5rem; cursor: pointer; }
  button:focus-visible { outline: 0.2rem solid; outline-offset: 0.2rem; }
`;

/** The page needs nothing but its own style, and is shown in no frame: a customer who approves must see what. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    `default-src 'none'`,
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; '),
  // Its address is all it takes to approve.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

const pageOf = (heading: string, ...content: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
${content.join('\n')}
</main>
</body>
</html>
`;

/** `$30.00`, `¥3,000`. */
function money({ amount = 0, currency = 'USD' }: Entry): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();
  return format.format(`${amount}E-${digits}` as `${number}`);
}

const button = (action: string, label: string): string =>
  `<form method="post" action="${action}"><button type="submit">${label}</button></form>`;

const CLOSE_IT = '<p>You can close this page.</p>';

export const NO_SUCH_PAGE = pageOf('There is no such payment', '<p>Check the address.</p>');

/** What the customer sees at `path`, and can do. */
export function paymentPage(path: string, { settled, closed }: Standing): string {
  if (!settled) return NO_SUCH_PAGE;
  const sum = money(settled);
  if (settled.outcome === 'declined')
    return settled.reason === EXPIRED
      ? pageOf(
          'The time is over',
          `<p>The payment of ${sum} was not approved in time. Nothing was charged.</p>`,
          CLOSE_IT,
        )
      : pageOf('Payment declined', `<p>You declined the payment of ${sum}. Nothing was charged.</p>`, CLOSE_IT);
  if (closed)
    return pageOf(
      'Payment closed',
      `<p>The shop has given up the payment of ${sum}, perhaps because the time ran out. You pay nothing.</p>`,
      CLOSE_IT,
    );
  if (settled.outcome === 'authorized')
    return pageOf('Payment approved', `<p>You approved the payment of ${sum}.</p>`, CLOSE_IT);
  return pageOf(
    `Approve the payment of ${sum}?`,
    '<p>This page stands in for your bank. No real money moves.</p>',
    button(`${path}/approve`, 'Approve'),
    button(`${path}/decline`, 'Decline'),
    // When the shop gives up is up to the shop, and usually earlier than `expiresAt`.
    '<p>The shop does not wait for ever: please decide now.</p>',
  );
}

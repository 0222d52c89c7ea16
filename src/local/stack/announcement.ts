import path from 'node:path';
import { SANDBOX_API_KEYS } from '../../domain/api-keys';
import { EXAMPLE_CHECKOUT } from '../../domain/example-checkout';
import type { StackFile } from './stack-file';
import { sandboxKeysOf } from './stack-settings';
import type { StackSettings } from './stack-settings';

const LABEL_WIDTH = 10;

/** Printed once everything runs: the addresses, and a first order to paste. `orderKey` is its Idempotency-Key. */
export function announcement(stack: StackFile, settings: StackSettings, orderKey: string): string {
  const hasSandboxKeys = sandboxKeysOf(settings) === 'on';
  const workflows = stack.temporalUi && `${stack.temporalUi}/namespaces/${settings.temporalNamespace}/workflows`;
  const rows = {
    API: stack.api,
    Docs: `${stack.api}/docs`,
    'Web UI': workflows ?? "your Temporal's (set TEMPORAL_UI_URL to show its address here)",
    Temporal: stack.temporal,
    Postgres: `${withoutPassword(stack.postgres)} (password: ${path.join(settings.dataDir, 'stack.json')})`,
    Redis: stack.redis === null ? 'off' : withoutPassword(stack.redis),
    Sandbox: stack.sandbox,
    Codec: codecRow(stack, settings),
    Keys: hasSandboxKeys ? Object.keys(SANDBOX_API_KEYS).join(', ') : 'those in your database',
    Logs: path.join(settings.dataDir, 'logs'),
  };
  const apiKey = hasSandboxKeys ? 'sk_sandbox_acme' : '<api key>';
  return [
    '',
    'Durable Checkout is running.',
    '',
    ...Object.entries(rows).map(([label, value]) => `  ${label.padEnd(LABEL_WIDTH)}${value}`),
    '',
    'Place an order:',
    '',
    curl(stack.api, apiKey, orderKey),
    '',
    ...(workflows === null ? [] : [`Watch it: ${workflows}/${encodeURIComponent(`checkout/acme/${orderKey}`)}`, '']),
    'Ctrl-C stops everything and keeps the data.',
  ].join('\n');
}

/** The embedded Web UI was started with the endpoint; in any other it must be pasted. */
function codecRow({ codec }: StackFile, { temporalAddress }: StackSettings): string {
  if (codec === null) return 'off: payloads are not encrypted (PAYLOAD_KEYS)';
  const where = 'behind the glasses icon at the top right';
  return temporalAddress === ''
    ? `${codec} (the Web UI has it; paste it into any other ${where})`
    : `${codec} (paste it into your Web UI ${where})`;
}

function curl(api: string, apiKey: string, orderKey: string): string {
  // An apostrophe would end the shell's quotes.
  const body = JSON.stringify(EXAMPLE_CHECKOUT).replaceAll("'", '\\u0027');
  return [
    `  curl -i ${api}/v1/checkouts \\`,
    `    -H 'Authorization: Bearer ${apiKey}' \\`,
    `    -H 'Idempotency-Key: ${orderKey}' \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '${body}'`,
  ].join('\n');
}

function withoutPassword(address: string): string {
  // The user's own, in a form that only its client knows: it may hold a password anywhere.
  if (!URL.canParse(address)) return 'as you set it';
  const url = new URL(address);
  url.password = '';
  return url.href;
}

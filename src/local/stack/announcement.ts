import path from 'node:path';
import { SANDBOX_API_KEYS } from '../../domain/api-keys';
import { EXAMPLE_CHECKOUT } from '../../domain/example-checkout';
import type { StackFile } from './stack-file';
import { sandboxKeysOf } from './stack-settings';
import type { StackSettings } from './stack-settings';

const LABEL_WIDTH = 10;

/** What a person reads once everything runs: where it is, and an order to paste. `orderKey` is the key of that order. */
export function announcement(stack: StackFile, settings: StackSettings, orderKey: string): string {
  const hasSandboxKeys = sandboxKeysOf(settings) === 'on';
  const workflows = stack.temporalUi && `${stack.temporalUi}/namespaces/${settings.temporalNamespace}/workflows`;
  const rows = {
    API: stack.api,
    Docs: `${stack.api}/docs`,
    'Web UI': workflows ?? 'that of your Temporal (TEMPORAL_UI_URL says where)',
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
    ...(workflows === null
      ? []
      : [`and watch it: ${workflows}/${encodeURIComponent(`checkout/acme/${orderKey}`)}`, '']),
    'Ctrl-C stops everything; the data stays.',
  ].join('\n');
}

/** The embedded Web UI was started with the endpoint; into any other one it has to be pasted. */
function codecRow({ codec }: StackFile, { temporalAddress }: StackSettings): string {
  if (codec === null) return 'off: payloads are not encrypted (PAYLOAD_KEYS)';
  const glasses = 'the glasses at the top right';
  return `${codec} (${temporalAddress === '' ? 'the Web UI has it; another one' : 'paste it into your Web UI'}: ${glasses})`;
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
  // One of the user's own, in a form that only its client knows: it could hold a password anywhere.
  if (!URL.canParse(address)) return 'as you set it';
  const url = new URL(address);
  url.password = '';
  return url.href;
}

import { Command, InvalidArgumentError } from 'commander';
import { headerText, httpUrl } from '../terminal/arguments';
import { printableLines } from '../terminal/printable';
import type { Streams } from '../terminal/screen';
import { SANDBOX_API_KEYS } from '../../domain/api-keys';
import { slugOf } from './row';
import type { Row } from './row';
import { ROWS } from './rows';
import type { ApiKeys } from './server-under-test';

export interface Options {
  readonly url: string;
  readonly keys: ApiKeys;
  readonly rows: readonly Row[];
  readonly json: boolean;
}

interface Given {
  readonly url: string;
  readonly key: string;
  readonly otherKey?: string;
  readonly operatorKey?: string;
  readonly rows?: readonly Row[];
  readonly json?: boolean;
}

const AFTER_HELP = `
Rows:
${ROWS.map(({ row }) => `  ${slugOf(row)}`).join('\n')}

Places about seventy checkouts of the sandbox catalog; takes less than a minute.
Exit codes: 0 no row failed, 1 a row failed, 2 wrong usage.`;

/** Reads the arguments; throws Commander's error for `--help` and for wrong usage. */
export function readOptions(args: readonly string[], { stdout, stderr }: Streams): Options {
  const command = new Command('conformance')
    .description('Test the Idempotency-Key contract of a server, over HTTP alone.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(printableLines(text)) })
    .requiredOption('--url <url>', 'address of the server, such as http://127.0.0.1:3000', httpUrl)
    .requiredOption('--key <key>', 'API key with merchant scope', headerText)
    .option(
      '--other-key <key>',
      'API key of another tenant (default with a sandbox key: another sandbox key)',
      headerText,
    )
    .option(
      '--operator-key <key>',
      'API key with operator scope (default with a sandbox key: the operator one)',
      headerText,
    )
    .option('--rows <names>', 'only these rows, separated by commas', rowsNamed)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .addHelpText('after', AFTER_HELP)
    .parse(args, { from: 'user' });
  const { url, key, otherKey, operatorKey, rows = ROWS, json = false } = command.opts<Given>();
  return { url, keys: keysBeside(key, { otherTenant: otherKey, operator: operatorKey }), rows, json };
}

/** The sandbox keys are public: given one, the others are known. */
function keysBeside(own: string, { otherTenant, operator }: Omit<ApiKeys, 'own'>): ApiKeys {
  const caller = Object.hasOwn(SANDBOX_API_KEYS, own) ? SANDBOX_API_KEYS[own] : undefined;
  const sandbox = caller ? Object.entries(SANDBOX_API_KEYS) : [];
  return {
    own,
    otherTenant:
      otherTenant ?? sandbox.find(([, { scope, tenant }]) => scope === 'merchant' && tenant !== caller?.tenant)?.[0],
    operator: operator ?? sandbox.find(([, { scope }]) => scope === 'operator')?.[0],
  };
}

function rowsNamed(names: string): readonly Row[] {
  const wanted = names.split(',').map(slugOf);
  const unknown = wanted.find((name) => !ROWS.some(({ row }) => slugOf(row) === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`No such row: "${unknown}". --help lists them.`);
  return ROWS.filter(({ row }) => wanted.includes(slugOf(row)));
}

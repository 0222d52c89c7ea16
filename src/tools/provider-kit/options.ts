import { Command, InvalidArgumentError, Option } from 'commander';
import { headerText, httpUrl } from '../terminal/arguments';
import { printableLines } from '../terminal/printable';
import type { Streams } from '../terminal/screen';
import { KIT_ROLES } from './calls-of';
import type { KitRole } from './calls-of';
import { GIVEN } from './given';
import type { Given } from './given';
import type { Whereabouts } from './open-provider';
import { rowsOverHttp } from './rows';

export interface Options {
  readonly role: KitRole;
  readonly where: Whereabouts;
  readonly given: Given;
  readonly json: boolean;
}

interface Arguments extends Partial<Given> {
  readonly role: KitRole;
  readonly url?: string;
  readonly secret?: string;
  readonly providers?: string;
  readonly tenant?: string;
  readonly json?: boolean;
}

const AFTER_HELP = `
Tries:
${KIT_ROLES.map(
  (role) =>
    `  ${role.padEnd(10)} ${rowsOverHttp(role)
      .map(({ row }) => row)
      .join(', ')}`,
).join('\n')}

Use a test account: it holds, captures and refunds money, and sends mail. In the end it undoes what can be undone.
Exit codes: 0 no try failed, 1 a try failed, 2 wrong usage or settings.`;

/** Reads the arguments; throws Commander's error for `--help` and for wrong usage. */
export function readOptions(args: readonly string[], { stdout, stderr }: Streams): Options {
  const command = new Command('provider-kit')
    .description('Try a provider, over HTTP or through its adapter: it must do each thing once, undo it, and remember.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(printableLines(text)) })
    .addOption(new Option('--role <role>', 'what it is a provider of').choices(KIT_ROLES).makeOptionMandatory())
    .addOption(
      new Option('--url <url>', 'its address, in front of /provider/v1').argParser(httpUrl).conflicts('providers'),
    )
    .addOption(
      new Option('--secret <secret>', 'whsec_… with which calls are signed')
        .argParser(signingSecret)
        .conflicts('providers'),
    )
    .addOption(
      new Option(
        '--providers <file>',
        'a PROVIDERS_FILE: tries its adapter, in this process; smtp and own-label need DATABASE_URL',
      ).conflicts('url'),
    )
    .addOption(new Option('--tenant <tenant>', "this tenant's adapter (default: that of `default`)").conflicts('url'))
    .option('--token <token>', `of a payment that is authorized (default: ${GIVEN.token})`)
    .option('--declined-token <token>', 'of a payment that is declined')
    .option('--customer-token <token>', 'of a payment that the customer has to approve')
    .option('--approve-suffix <text>', "at the end of the customer's address: a POST there approves, as in /approve")
    .option('--pending-token <token>', 'of a payment that is decided later, without the customer')
    .option('--currency <code>', `ISO 4217 (default: ${GIVEN.currency})`, currency)
    .option('--sku <sku>', `of goods of which there are a hundred (default: ${GIVEN.sku})`)
    .option('--to <address>', `who gets the mails (default: ${GIVEN.to})`)
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .addHelpText('after', AFTER_HELP)
    .parse(args, { from: 'user' });
  const { role, url, secret, providers, tenant, json = false, ...given } = command.opts<Arguments>();
  if (url !== undefined) return { role, where: { url, secret }, given: { ...GIVEN, ...given }, json };
  if (providers === undefined) return command.error('error: give --url or --providers');
  return { role, where: { file: providers, tenant }, given: { ...GIVEN, ...given }, json };
}

function currency(code: string): string {
  if (!/^[A-Z]{3}$/.test(code)) throw new InvalidArgumentError('Expected a code such as USD.');
  return code;
}

function signingSecret(text: string): string {
  if (!/^whsec_[A-Za-z0-9+/]+=*$/.test(text)) throw new InvalidArgumentError('Expected whsec_ and base64.');
  return headerText(text);
}

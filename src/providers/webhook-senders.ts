import path from 'node:path';
import type { HttpSettings } from '../adapters/http/settings';
import { standardWebhooks } from '../adapters/http/standard-webhooks';
import { isInboxRole } from '../provider-inbox/senders';
import type { Sender } from '../provider-inbox/senders';
import { ADAPTERS } from './adapters';
import { choiceOf } from './entry';
import { ProvidersFileError } from './mistakes';
import type { Opening } from './open-ports';
import { IS_MODULE, readProvidersFile } from './read-file';
import { unwrittenEntries } from './registry';
import { resolved } from './secrets';

interface Parts extends Pick<Opening, 'file' | 'environment'> {
  readonly sandbox: HttpSettings | undefined;
}

/**
 * The providers that may write to us: those with a secret for it, the retired ones too, because their orders go on. No other setting is read:
 * who takes webhooks needs no key that moves money. A team's own adapter may be written to as the HTTP protocol says.
 */
export async function webhookSenders({ file, environment, sandbox }: Parts): Promise<Sender[]> {
  const folder = path.dirname(path.resolve(file));
  const mistakes: string[] = [];
  const senders: Sender[] = [];
  const written = file === '' ? [] : await readProvidersFile(file);
  for (const entry of [...written, ...unwrittenEntries(sandbox)]) {
    const { role, adapter, at, tenant = '-', account, settings } = entry;
    if (!isInboxRole(role)) continue;
    const webhooks = IS_MODULE.test(adapter) ? standardWebhooks : ADAPTERS[role][adapter]?.webhooks;
    if (webhooks === undefined || settings[webhooks.signedWith] === undefined) continue;
    try {
      webhooks.expectReady?.();
    } catch (error) {
      mistakes.push(`${at}: ${(error as Error).message}`);
      continue;
    }
    const { signedWith } = webhooks;
    const secret = await resolved(settings[signedWith], `${at}.${signedWith}`, { folder, environment }, mistakes);
    const own = account === undefined ? {} : { account };
    senders.push({ source: tenant, role, choice: choiceOf(entry), ...own, webhooks, secret: String(secret) });
  }
  if (mistakes.length > 0) throw new ProvidersFileError(file, mistakes);
  return senders;
}

import path from 'node:path';
import type { HttpSettings } from '../adapters/http/settings';
import { isInboxRole } from '../provider-inbox/provider-inbox';
import type { Sender } from '../provider-inbox/provider-inbox';
import { choiceOf } from './entry';
import { ProvidersFileError } from './mistakes';
import type { Opening } from './open-ports';
import { readProvidersFile } from './read-file';
import { unwrittenEntries } from './registry';
import { resolved } from './secrets';

interface Parts extends Pick<Opening, 'file' | 'environment'> {
  readonly sandbox: HttpSettings | undefined;
}

/** The providers that may write to us: those that have a `secret`, the retired ones too, because their orders go on. */
export async function webhookSenders({ file, environment, sandbox }: Parts): Promise<Sender[]> {
  const folder = path.dirname(path.resolve(file));
  const mistakes: string[] = [];
  const senders: Sender[] = [];
  const written = file === '' ? [] : await readProvidersFile(file);
  for (const entry of [...written, ...unwrittenEntries(sandbox)]) {
    const { role, at, tenant = '-', settings } = entry;
    if (!isInboxRole(role) || settings['secret'] === undefined) continue;
    const secret = await resolved(settings['secret'], `${at}.secret`, { folder, environment }, mistakes);
    senders.push({ source: tenant, role, choice: choiceOf(entry), secret: String(secret) });
  }
  if (mistakes.length > 0) throw new ProvidersFileError(file, mistakes);
  return senders;
}

import path from 'node:path';
import { isInboxRole } from '../provider-inbox/provider-inbox';
import type { Sender } from '../provider-inbox/provider-inbox';
import { choiceOf } from './entry';
import { ProvidersFileError } from './mistakes';
import type { Opening } from './open-ports';
import { readProvidersFile } from './read-file';
import { resolved } from './secrets';

/** The providers that may write to us: those of the file that have a `secret`, the retired ones too, because their orders go on. */
export async function webhookSenders({ file, environment }: Pick<Opening, 'file' | 'environment'>): Promise<Sender[]> {
  const folder = path.dirname(path.resolve(file));
  const mistakes: string[] = [];
  const senders: Sender[] = [];
  for (const entry of file === '' ? [] : await readProvidersFile(file)) {
    const { role, at, tenant = '-', settings } = entry;
    if (!isInboxRole(role) || settings['secret'] === undefined) continue;
    const secret = await resolved(settings['secret'], `${at}.secret`, { folder, environment }, mistakes);
    senders.push({ source: tenant, role, choice: choiceOf(entry), secret: String(secret) });
  }
  if (mistakes.length > 0) throw new ProvidersFileError(file, mistakes);
  return senders;
}

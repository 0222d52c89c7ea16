import { request } from 'undici';
import { settleWithin } from '../../runtime/time-limit';
import { rolePath } from './protocol/protocol';
import type { ProtocolRole } from './protocol/protocol';

const PRESENCE_TIMEOUT_MS = 5_000;

/** Whether the provider serves the role. Throws a sentence if it does not say so. */
export async function expectPresence(url: string, role: ProtocolRole, timeoutMs = PRESENCE_TIMEOUT_MS): Promise<void> {
  const path = rolePath(role);
  const status = await settleWithin(timeoutMs, async (signal) => {
    const { statusCode, body } = await request(`${url.replace(/\/+$/, '')}${path}`, { signal });
    await body.dump({ limit: 0, signal });
    return statusCode;
  }).catch((cause: unknown) => {
    throw new Error(`The provider gave no answer to GET ${path}`, { cause });
  });
  if (status !== 204) throw new Error(`The provider answered GET ${path} with status ${status}, not 204`);
}

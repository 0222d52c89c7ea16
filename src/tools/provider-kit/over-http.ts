import { HTTP_PORTS } from '../../adapters/http/http-ports';
import { rolePath } from '../../adapters/http/protocol/protocol';
import { bench } from './bench';
import type { Bench, OpenProvider } from './bench';
import type { KitRole } from './calls-of';
import type { Given } from './given';
import { httpCaller } from './http-caller';
import { openLine } from './line';
import { nothingToTry } from './nothing-to-try';
import { unsignedStatus } from './rows/protocol';

const UNAUTHORIZED = 401;

export interface Address {
  readonly url: string;
  readonly secret?: string | undefined;
}

/** Through the adapter `http`, over a line that can fail. */
export async function openOverHttp<R extends KitRole>(
  role: R,
  { url, secret }: Address,
  given: Given,
): Promise<OpenProvider<R>> {
  const line = await openLine(url);
  const port = HTTP_PORTS[role]({ url: line.url, ...(secret === undefined ? {} : { secret }) });
  const provider = bench(role, port, { given, line, http: httpCaller(`${url}${rolePath(role)}`, secret) });
  if (secret === undefined && (await wantsSignedCalls(provider))) {
    line.close();
    throw nothingToTry(`${url} answers a call without a signature with status ${UNAUTHORIZED}: give --secret`);
  }
  return { bench: provider, called: url, close: async () => line.close() };
}

/** One that cannot be reached fails the tries, which say more about it. */
const wantsSignedCalls = async (provider: Bench): Promise<boolean> =>
  (await unsignedStatus(provider).catch(() => undefined)) === UNAUTHORIZED;

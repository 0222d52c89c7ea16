import { HTTP_PORTS } from '../../adapters/http/http-ports';
import { rolePath } from '../../adapters/http/protocol/protocol';
import { bench } from './bench';
import type { OpenProvider } from './bench';
import type { KitRole } from './calls-of';
import type { Given } from './given';
import { httpCaller } from './http-caller';
import { openLine } from './line';

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
  return {
    bench: bench(role, port, { given, line, http: httpCaller(`${url}${rolePath(role)}`, secret) }),
    called: url,
    close: async () => line.close(),
  };
}

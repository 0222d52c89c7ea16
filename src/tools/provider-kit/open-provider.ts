import { Problem } from '../terminal/problem';
import type { Bench } from './bench';
import type { KitRole } from './calls-of';
import type { Given } from './given';
import { openOverHttp } from './over-http';
import type { Address } from './over-http';

export interface InFile {
  readonly file: string;
  readonly tenant?: string | undefined;
}

/** Where the provider is: at an address, or behind an adapter of a `PROVIDERS_FILE`. */
export type Whereabouts = Address | InFile;

export interface OpenProvider<R extends KitRole> {
  readonly bench: Bench<R>;
  /** For people. */
  readonly called: string;
  /** Why there is nothing to try. */
  readonly untried?: string;
  close(): Promise<void>;
}

export async function openProvider<R extends KitRole>(
  role: R,
  where: Whereabouts,
  given: Given,
): Promise<OpenProvider<R>> {
  if ('url' in where) return openOverHttp(role, where, given);
  throw new Problem({ code: 'not-yet', title: 'Adapters cannot be tried yet', detail: 'give --url' });
}

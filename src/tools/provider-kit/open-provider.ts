import type { OpenProvider } from './bench';
import type { KitRole } from './calls-of';
import type { Given } from './given';
import { openInProcess } from './in-process';
import type { InFile } from './in-process';
import { openOverHttp } from './over-http';
import type { Address } from './over-http';

/** Where the provider is: at an address, or behind an adapter of a `PROVIDERS_FILE`. */
export type Whereabouts = Address | InFile;

export const openProvider = <R extends KitRole>(role: R, where: Whereabouts, given: Given): Promise<OpenProvider<R>> =>
  'url' in where ? openOverHttp(role, where, given) : openInProcess(role, where, given);

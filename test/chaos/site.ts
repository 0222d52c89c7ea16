import path from 'node:path';
import type { FreePorts } from '../../src/local/stack/free-ports';
import type { PartName } from '../../src/local/stack/part-names';
import type { Parts } from './parts';

/** What is needed to start the parts. */
export interface Site {
  readonly parts: Parts;
  readonly ports: FreePorts;
  readonly dataDir: string;
}

export const logFileOf = ({ dataDir }: Site, name: PartName, as?: string): string =>
  path.join(dataDir, 'logs', `${[name, as].filter(Boolean).join('-')}.log`);

import { readStackFile } from '../../local/stack/stack-file';
import { SourceUnavailable } from './source-unavailable';

/** The Temporal address from the settings, or else that of the stack that `npm start` runs on the data directory. */
export function serverAddress(temporalAddress: string, dataDir: string): string {
  if (temporalAddress !== '') return temporalAddress;
  try {
    return readStackFile(dataDir).temporal;
  } catch (cause) {
    const advice = 'start one with `npm start`, or set DATA_DIR or TEMPORAL_ADDRESS';
    throw new SourceUnavailable(`No running stack in ${dataDir}: ${advice}.`, undefined, { cause });
  }
}

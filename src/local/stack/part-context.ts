import path from 'node:path';
import type { Child } from './child';
import type { FreePorts } from './free-ports';
import type { PartName } from './part-names';
import type { Progress } from './progress';
import type { StackSettings } from './stack-settings';
import { startWhereFree } from './start-where-free';
import type { Supervisor } from './supervisor';

/** What is needed to start a part and keep it running. */
export interface PartContext {
  readonly settings: StackSettings;
  readonly supervisor: Supervisor;
  readonly ports: FreePorts;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export const logFileOf = ({ settings }: PartContext, name: PartName): string =>
  path.join(settings.dataDir, 'logs', `${name}.log`);

/** A free port: the preferred one, unless the API has it. */
export const pickPort = ({ settings, ports }: PartContext, preferred: number): Promise<number> =>
  ports.pick(settings.port === 0 || settings.port === preferred ? 0 : preferred);

/** Starts a part on free ports, and keeps it running there. */
export async function startAndKeep<Place, Running extends { readonly child: Child }>(
  { supervisor }: PartContext,
  choose: () => Promise<Place>,
  start: (place: Place) => Promise<Running>,
): Promise<Running> {
  const { place, running } = await startWhereFree(choose, start);
  // In the same place: the other parts know its address.
  supervisor.keep(running.child, async () => (await start(place)).child);
  return running;
}

import { randomUUID } from 'node:crypto';
import type { Step } from '../../domain/steps';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { Problem } from '../terminal/problem';
import type { RepairAction } from './repair-hints';
import type { Session } from './session';

export interface RepairOptions {
  readonly step: Step;
  readonly action: RepairAction;
  readonly reason: string;
  readonly key?: string;
}

/** Settles what needs attention. The key is printed whatever happens: with it the call can be repeated, and is done once. */
export async function repair({ api, output, reach }: Session, id: string, options: RepairOptions): Promise<ExitCode> {
  const { step, action, reason, key = randomUUID() } = options;
  try {
    await api.repair(id, { step, action, reason }, key);
    output.say(`Done      ${action} ${step} of ${id}`);
    output.say(`Reason    ${reason}`);
    output.say(`Key       ${key}`);
    output.say(`Look      npx durable-checkout attention${reach}`);
    output.answer({ done: true, id, step, action, key });
    return EXIT.asPromised;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { id, key });
    output.complain(`The same call again, without repairing twice: --key ${key}`);
    return code;
  }
}

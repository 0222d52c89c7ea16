import { randomUUID } from 'node:crypto';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { Problem } from '../terminal/problem';
import { resumeAll } from './resume-all';
import type { Session } from './session';

export interface ResumeOptions {
  readonly reason: string;
  readonly key?: string;
}

export interface AfterRestoreOptions {
  readonly reason: string;
  readonly json?: boolean;
}

/** Talks to Postgres and Temporal, before there is an API: it is handed in. */
export type AfterRestore = (options: AfterRestoreOptions) => Promise<ExitCode>;

/**
 * Starts the workflow of an order again that has lost it; without an id, of all of them. The key is printed whatever happens: with it the
 * call can be repeated, and is done once.
 */
export async function resume(session: Session, id: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const { output } = session;
  const { reason, key = randomUUID() } = options;
  try {
    return await (id === undefined ? resumeAll(session, { reason, key }) : resumeOne(session, id, { reason, key }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const code = output.fail(error, { ...(id !== undefined && { id }), key });
    output.complain(`The same call again, without resuming twice: --key ${key}`);
    return code;
  }
}

async function resumeOne(
  { api, output, reach }: Session,
  id: string,
  { reason, key }: Required<ResumeOptions>,
): Promise<ExitCode> {
  await api.resume(id, reason, key);
  output.say(`Resumed   ${id}`);
  output.say(`Reason    ${reason}`);
  output.say(`Key       ${key}`);
  output.say(`Look      npx durable-checkout status ${id}${reach}`);
  output.answer({ done: true, id, key });
  return EXIT.asPromised;
}

import { parseArgs } from 'node:util';

export interface StartArguments {
  readonly fresh: boolean;
  readonly json: boolean;
  /** API and worker in one process; undefined leaves it to `ONE_PROCESS`. */
  readonly oneProcess: boolean | undefined;
}

/** The arguments after `npm start --`, or a sentence about what is wrong with them. */
export function startArguments(args: readonly string[]): StartArguments | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { fresh: { type: 'boolean' }, json: { type: 'boolean' }, 'one-process': { type: 'boolean' } },
    });
    return { fresh: values.fresh === true, json: values.json === true, oneProcess: values['one-process'] };
  } catch (error) {
    return `${(error as Error).message}\nUsage: npm start -- [--fresh] [--json] [--one-process]`;
  }
}

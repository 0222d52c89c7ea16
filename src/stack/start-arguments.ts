import { parseArgs } from 'node:util';

export interface StartArguments {
  readonly fresh: boolean;
  readonly json: boolean;
}

/** What was written behind `npm start --`, or a sentence about what is wrong with it. */
export function startArguments(args: readonly string[]): StartArguments | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { fresh: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    return { fresh: values.fresh === true, json: values.json === true };
  } catch (error) {
    return `${(error as Error).message}\nUsage: npm start -- [--fresh] [--json]`;
  }
}

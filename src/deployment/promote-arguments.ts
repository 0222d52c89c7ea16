import { parseArgs } from 'node:util';

export interface PromoteArguments {
  /** Undefined means only list. */
  readonly build: string | undefined;
  readonly withOrders: boolean;
  readonly json: boolean;
}

/** The arguments after `npm run promote --`, or a sentence that says what is wrong with them. */
export function promoteArguments(args: readonly string[]): PromoteArguments | string {
  try {
    const options = { 'with-orders': { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { 'with-orders': withOrders = false, json = false } = values;
    const [build, ...more] = positionals;
    if (more.length > 0) return usage('Name only one build.');
    if (withOrders && build === undefined) return usage('Name the build that gets the orders.');
    return { build, withOrders, json };
  } catch (error) {
    return usage((error as Error).message);
  }
}

const usage = (why: string) => `${why}\nUsage: npm run promote -- [<build id> [--with-orders]] [--json]`;

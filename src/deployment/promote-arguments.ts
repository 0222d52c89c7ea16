import { parseArgs } from 'node:util';

export interface PromoteArguments {
  /** None: only list. */
  readonly build: string | undefined;
  readonly withOrders: boolean;
  readonly json: boolean;
}

/** What was written behind `npm run promote --`, or a sentence about what is wrong with it. */
export function promoteArguments(args: readonly string[]): PromoteArguments | string {
  try {
    const options = { 'with-orders': { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { 'with-orders': withOrders = false, json = false } = values;
    const [build, ...more] = positionals;
    if (more.length > 0) return usage('One build only.');
    if (withOrders && build === undefined) return usage('Whose are the orders to be?');
    return { build, withOrders, json };
  } catch (error) {
    return usage((error as Error).message);
  }
}

const usage = (why: string) => `${why}\nUsage: npm run promote -- [<build id> [--with-orders]] [--json]`;

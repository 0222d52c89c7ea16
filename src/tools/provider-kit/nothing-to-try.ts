import { Problem } from '../terminal/problem';

/** What the kit was told does not lead to a provider: wrong usage, and no try is made. */
export const nothingToTry = (detail: string, cause?: unknown): Problem =>
  new Problem({ code: 'nothing-to-try', title: 'There is no provider to try', detail }, { cause });

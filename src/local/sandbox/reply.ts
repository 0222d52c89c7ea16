import type { Answer } from './entry';

/** `lost`: it happened, but the caller gets no answer. */
export interface Reply {
  readonly status: 200 | 409 | 500 | 503;
  readonly answer: Answer | { readonly code: string; readonly message: string };
  readonly lost: boolean;
}

export const problem = (status: Reply['status'], code: string, message: string): Reply => ({
  status,
  answer: { code, message },
  lost: false,
});

export const OUT_OF_SERVICE = problem(503, 'unavailable', 'Out of service: nothing was done');

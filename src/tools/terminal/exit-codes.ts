import type { CheckoutState } from '../../domain/checkout-states';

/** Scripts may rely on these; every command uses these four. */
export const EXIT = { asPromised: 0, notAsPromised: 1, wrongUsage: 2, needsAttention: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code after watching a checkout: any end but `completed` is not what was asked for. */
export function exitCodeOf(state: CheckoutState): ExitCode {
  switch (state) {
    case 'refused':
    case 'cancelled':
      return EXIT.notAsPromised;
    case 'needs-attention':
      return EXIT.needsAttention;
    case 'accepted':
    case 'running':
    case 'awaiting-customer':
    case 'completed':
      return EXIT.asPromised;
  }
}

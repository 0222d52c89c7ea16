import type { CheckoutState } from '../../domain/checkout-states';

/** What scripts may rely on; every command uses these four. */
export const EXIT = { asPromised: 0, notAsPromised: 1, wrongUsage: 2, needsAttention: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For whoever watched a checkout to its end: anything but `completed` is not what was asked for. */
export function exitCodeOf(state: CheckoutState): ExitCode {
  switch (state) {
    case 'refused':
    case 'cancelled':
      return EXIT.notAsPromised;
    case 'needs-attention':
      return EXIT.needsAttention;
    case 'accepted':
    case 'running':
    case 'completed':
      return EXIT.asPromised;
  }
}

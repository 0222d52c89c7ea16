import type { RefusalCode } from '../../src/domain/refusals';

/** `completed`, or the code of a refusal. */
export type End = 'completed' | RefusalCode;

/** What a customer can do who was asked to approve. */
export interface AtThePage {
  /** For up to three seconds. */
  readonly hesitate: () => Promise<void>;
  readonly untilAboutTheDeadline: () => Promise<void>;
  /** False if the customer's patience ended first. */
  readonly untilTheEnd: () => Promise<boolean>;
  /** At the processor. True if that is what counts there. */
  readonly approve: () => Promise<boolean>;
  readonly decline: () => Promise<boolean>;
  /** At the shop. */
  readonly cancel: () => Promise<void>;
  readonly differs: (difference: string) => void;
}

interface Behaviour {
  /**
   * How the order may end; if there are several, a race decides. Even what was decided in time may be given up: at the deadline, nobody
   * waits for a processor that cannot be reached.
   */
  readonly ends: readonly End[];
  readonly act: (at: AtThePage) => Promise<unknown>;
}

/** What customers do whom the processor asks to approve. */
export const VISITS = {
  approves: {
    ends: ['completed', 'payment-abandoned'],
    act: (at) => at.hesitate().then(at.approve),
  },
  'approves-twice': {
    ends: ['completed', 'payment-abandoned'],
    act: (at) => at.hesitate().then(() => Promise.all([at.approve(), at.approve()])),
  },
  declines: {
    ends: ['payment-declined', 'payment-abandoned'],
    act: (at) => at.hesitate().then(at.decline),
  },
  abandons: {
    ends: ['payment-abandoned'],
    act: (at) => at.hesitate(),
  },
  'approves-at-the-deadline': {
    ends: ['completed', 'payment-abandoned'],
    act: (at) => at.untilAboutTheDeadline().then(at.approve),
  },
  'approves-after-the-end': {
    ends: ['payment-abandoned'],
    act: async (at) => {
      if ((await at.untilTheEnd()) && (await at.approve())) at.differs('it has ended, and could still be approved');
    },
  },
  'cancels-then-approves': {
    ends: ['cancelled', 'completed', 'payment-abandoned'],
    act: (at) => at.cancel().then(at.hesitate).then(at.approve),
  },
  'cancels-and-approves': {
    ends: ['cancelled', 'completed', 'payment-abandoned'],
    act: (at) => Promise.all([at.cancel(), at.approve()]),
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type Visit = keyof typeof VISITS;

export const VISIT_NAMES = Object.keys(VISITS) as Visit[];

import type { Row } from './row';
import { fiftyAtOnce, firstStillOpen } from './rows/at-once';
import { awaitsItsCustomer } from './rows/awaits-its-customer';
import { firstUse } from './rows/first-use';
import { hangsUp } from './rows/hangs-up';
import { notForClients } from './rows/hidden';
import { malformedKey } from './rows/malformed-key';
import { oddPreferences } from './rows/odd-preferences';
import { otherBody } from './rows/other-body';
import { otherTenant } from './rows/other-tenant';
import { refusalOutcome } from './rows/refusal-outcome';
import { refusedBeforeTheKey } from './rows/refused-before-the-key';
import { sameBody } from './rows/same-body';
import { noOutcomeInTime, outcomeInTime } from './rows/wait-for-outcome';

/** The idempotency table in its order, then the promises about the two answers of a checkout. */
export const ROWS: readonly Row[] = [
  malformedKey,
  refusedBeforeTheKey,
  firstUse,
  sameBody,
  otherBody,
  fiftyAtOnce,
  firstStillOpen,
  ...notForClients,
  otherTenant,
  outcomeInTime,
  noOutcomeInTime,
  awaitsItsCustomer,
  oddPreferences,
  refusalOutcome,
  hangsUp,
];

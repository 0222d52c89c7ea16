import { ApplicationFailure } from '@temporalio/activity';
import type { Refusal } from '../src/domain/refusals';

/**
 * A final business answer, recognised by its `type` on the other side. Benign: it is no incident, so it is neither logged nor
 * counted as one. The sentence is for the customer and never holds personal data.
 */
export const refuse = (refusal: Refusal, sentence: string): ApplicationFailure =>
  ApplicationFailure.create({ type: refusal, message: sentence, nonRetryable: true, category: 'BENIGN' });

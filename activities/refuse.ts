import { ApplicationFailure } from '@temporalio/activity';
import type { Refusal } from '../src/domain/refusals';

/**
 * A final business answer, which the workflow recognises by its `type`. Benign, because it is no incident: the SDK neither logs nor counts
 * it as one. The sentence is for the customer and never holds personal data.
 */
export const refuse = (refusal: Refusal, sentence: string): ApplicationFailure =>
  ApplicationFailure.create({ type: refusal, message: sentence, nonRetryable: true, category: 'BENIGN' });

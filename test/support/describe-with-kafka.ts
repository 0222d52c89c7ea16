import { describe } from '@jest/globals';
import { missingForKafka } from './kafka-jars';

/** `describe`, where Kafka can run; elsewhere one line that says what to install for it. */
export function describeWithKafka(name: string, tests: () => void): void {
  const missing = missingForKafka();
  if (missing === undefined) return describe(name, tests);
  console.warn(`Not tested here: ${name}. Kafka needs ${missing}.`);
  describe.skip(name, tests);
}

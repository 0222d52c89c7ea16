import { startTestStack } from './test-stack';
import type { TestStack } from './test-stack';

/** Jest loads set-up and teardown separately; the global object is what they share. */
export const shared = globalThis as { testStack?: TestStack };

/** Runs the stack of `npm start` once for all test files, which find it in E2E_DATA_DIR/stack.json. */
export default async function setUp(): Promise<void> {
  shared.testStack = await startTestStack();
  process.env['E2E_DATA_DIR'] = shared.testStack.dataDir;
}

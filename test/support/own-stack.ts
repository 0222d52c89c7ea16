import { RunningStack } from './running-stack';
import { startTestStack } from './test-stack';
import type { TestStack } from './test-stack';

/** A stack for one test file alone, which may kill and lose what it likes. */
export class OwnStack extends RunningStack {
  private constructor(private readonly own: TestStack) {
    super(own.dataDir);
  }

  static async start(...how: Parameters<typeof startTestStack>): Promise<OwnStack> {
    return new OwnStack(await startTestStack(...how));
  }

  async stop(): Promise<void> {
    await this.db.close();
    await this.own.stop();
  }
}

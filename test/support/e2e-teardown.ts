import { shared } from './e2e-setup';

export default async function tearDown(): Promise<void> {
  await shared.testStack?.stop();
}

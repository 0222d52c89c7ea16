import { shared } from './int-setup';

export default async function tearDown(): Promise<void> {
  await shared.testServers?.stop();
}

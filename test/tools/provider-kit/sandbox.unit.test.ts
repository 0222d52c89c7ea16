import { afterAll, expect, test } from '@jest/globals';
import { KIT_ROLES } from '../../../src/tools/provider-kit/calls-of';
import { listeningSandbox } from '../../support/sandbox';
import { failedIn, kit, TOKENS } from './kit';

const listening = listeningSandbox();
afterAll(async () => (await listening).app.close());

test.each(KIT_ROLES)('the sandbox passes the provider kit as a provider of %s', async (role) => {
  const { baseUrl } = await listening;

  const { code, stdout } = await kit('--url', baseUrl, '--role', role, ...TOKENS, '--json');

  expect({ failed: failedIn(stdout), code }).toEqual({ failed: {}, code: 0 });
});

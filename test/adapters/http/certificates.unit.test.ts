import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { HTTP_PORTS } from '../../../src/adapters/http/http-ports';

/** Signed by nobody whom Node trusts. */
function ownCertificate(): { key: Buffer; cert: Buffer } {
  const directory = mkdtempSync(path.join(tmpdir(), 'certificate-'));
  const [key, cert] = [path.join(directory, 'key.pem'), path.join(directory, 'cert.pem')];
  const made = `req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout ${key} -out ${cert}`;
  execFileSync('openssl', made.split(' '), { stdio: 'ignore' });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(directory, { recursive: true });
  return pair;
}

test('does not call a provider whose certificate is not trusted', async () => {
  let called = false;
  const server = createServer(ownCertificate(), (_, response) => {
    called = true;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"outcome":"voided"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;

  const failure: unknown = await HTTP_PORTS.payments({ url })
    .void({ key: 'chk_1:payment-authorized' })
    .catch((error: unknown) => error);
  server.close();

  expect(failure).toMatchObject({ fault: 'bad-certificate', isAway: false });
  expect((failure as Error).message).toContain('/provider/v1/payments/void was not called');
  expect(called).toBe(false);
});

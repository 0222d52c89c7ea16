import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface Notice {
  readonly id: string;
  readonly path: string | undefined;
  readonly body: unknown;
  /** What it was answered. */
  readonly status: number;
}

/** An API that takes the sandbox's webhooks and checks their signatures. `answers` are given first, then 200. */
export async function listeningApi(secret: string) {
  const [notices, answers]: [Notice[], number[]] = [[], []];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const headers = request.headers as Record<string, string>;
      const genuine = new Webhook(secret).verify(body, headers);
      const status = answers.shift() ?? 200;
      notices.push({ id: headers['webhook-id'] ?? '', path: request.url, body: genuine, status });
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ notices, answers },
    apiUrl: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The name that a TLS client asked for. */
  readonly servername?: string | false;
}

export interface ReceiverOptions {
  readonly certificate?: Certificate;
  /** The status, or a function that writes the response itself; 204 by default. */
  readonly answer?: (received: Received, response: ServerResponse) => number | undefined;
}

/** A shop that listens on this machine and records what it receives. */
export async function listeningReceiver({ certificate, answer = () => 204 }: ReceiverOptions = {}) {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    void text(request).then((body) => {
      const servername = request.socket instanceof TLSSocket ? { servername: servernameOf(request.socket) } : {};
      const one = { path: request.url ?? '', headers: request.headers, body, ...servername };
      received.push(one);
      const status = answer(one, response);
      if (status !== undefined) response.writeHead(status).end();
    });
  };
  const server = certificate ? https.createServer(certificate, listener) : http.createServer(listener);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, received, connections: () => connections, close };
}

/** Missing from Node's types on the server's side. */
const servernameOf = (socket: TLSSocket) => (socket as TLSSocket & { servername?: string | false }).servername ?? false;

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Self-signed, for one name. */
export function certificateFor(name: string): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  try {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-days', '2', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

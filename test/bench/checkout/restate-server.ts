import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { FreePorts } from '../../../src/local/stack/free-ports';
import { eventually } from '../../support/eventually';
import { OwnServer } from '../../support/own-server';
import { restateServerProgram } from './peers';

export interface RestateServer {
  readonly pid: number;
  readonly ingress: string;
  readonly admin: string;
  stop(): Promise<void>;
}

const settings = (dataDir: string, ingress: number, admin: number): string => `
base-dir = "${path.join(dataDir, 'restate')}"
disable-telemetry = true
log-filter = "error"

[ingress]
bind-address = "127.0.0.1:${ingress}"

[admin]
bind-address = "127.0.0.1:${admin}"
`;

/** One node with default settings: its log and its state are on disk. */
export async function startRestateServer(): Promise<RestateServer> {
  const ports = new FreePorts();
  const [admin, fabric] = [await ports.pick(0), await ports.pick(0)];
  const server = await OwnServer.start('restate', async ({ dataDir, port }) => {
    const file = path.join(dataDir, 'restate.toml');
    writeFileSync(file, settings(dataDir, port, admin));
    const bind = ['--bind-ip', '127.0.0.1', '--bind-port', String(fabric)];
    return {
      command: restateServerProgram(),
      args: ['--config-file', file, '--no-logo', '--listen-mode', 'tcp', ...bind],
    };
  });
  const urls = { ingress: `http://${server.address}`, admin: `http://127.0.0.1:${admin}` };
  const isReady = async (url: string) => (await fetch(url).catch(() => undefined))?.ok || undefined;
  await eventually(() => isReady(`${urls.admin}/health`));
  await eventually(() => isReady(`${urls.ingress}/restate/health`));
  return { pid: server.pid, ...urls, stop: () => server.stop() };
}

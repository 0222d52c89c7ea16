import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { read } from './markdown-tables';

interface Service {
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly restart?: boolean }>>;
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
};
const runs = (program: string) =>
  Object.entries(services).filter(([, { command = '' }]) => String(command).includes(`dist/src/bin/${program}.js`));

test.each(['worker', 'relay'])(
  'the %s shares the network of the sandbox providers, so that it can reach them',
  (program) => {
    const [[name, service] = ['', {} as Service], ...others] = runs(program);
    const address = new URL(service.environment?.['SANDBOX_URL'] ?? 'http://nowhere');

    expect([name, others]).toEqual([program, []]);
    expect(address.hostname).toBe('127.0.0.1');
    // The sandbox listens on its loopback address only, and a shared network goes away when the sandbox restarts.
    expect(service.network_mode).toBe('service:sandbox');
    expect(service.depends_on?.['sandbox']).toEqual({ condition: 'service_healthy', restart: true });
  },
);

test('services depend only on services that exist', () => {
  for (const [name, { depends_on = {}, network_mode = '' }] of Object.entries(services)) {
    const needed = [...Object.keys(depends_on), ...(network_mode.match(/(?<=^service:).*/) ?? [])];
    expect([name, needed.filter((each) => !(each in services))]).toEqual([name, []]);
  }
});

import net from 'node:net';
import type { AddressInfo } from 'node:net';

const DRIP_MS = 50;

type Answer = (socket: net.Socket) => void;

const repeatedly = (socket: net.Socket, text: string): void => {
  const timer = setInterval(() => socket.write(text), DRIP_MS);
  socket.on('close', () => clearInterval(timer));
};

/** What a webhook endpoint may do to its caller. `dead` takes the request and never sends a byte. */
const ANSWERS = {
  dead: () => undefined,
  'switching-protocols': (socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
  'endless-1xx': (socket) => repeatedly(socket, 'HTTP/1.1 102 Processing\r\n\r\n'),
  'half-a-header': (socket) => socket.write('HTTP/1.1 200 OK\r\nX-Half: '),
  'half-a-header-then-gone': (socket) => socket.end('HTTP/1.1 200 OK\r\nX-Half: '),
  'dripping-header': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-Drip: ');
    repeatedly(socket, 'x');
  },
  'dripping-body': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
    repeatedly(socket, 'x');
  },
} as const satisfies Record<string, Answer>;

export type Hostility = keyof typeof ANSWERS;

export const HOSTILITIES = Object.keys(ANSWERS) as Hostility[];

/** Listens on loopback and misbehaves in one way, until it is told to behave otherwise. */
export async function hostileReceiver(first: Hostility) {
  let hostility: Hostility | 'well' = first;
  const sockets = new Set<net.Socket>();
  const counts = { requests: 0, mostOpen: 0 };
  const server = net.createServer((socket) => {
    sockets.add(socket);
    counts.mostOpen = Math.max(counts.mostOpen, sockets.size);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      counts.requests += 1;
      if (hostility === 'well') socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
      else ANSWERS[hostility](socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    /** How many sockets are open now. */
    open: () => sockets.size,
    mostOpen: () => counts.mostOpen,
    requests: () => counts.requests,
    /** From the next request on. */
    behave: (how: Hostility | 'well') => void (hostility = how),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

import net from 'node:net';
import type { AddressInfo } from 'node:net';

const END_OF_HEADERS = '\r\n\r\n';
const NOTHING_THERE = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n';

/**
 * Answers each request and does nothing else: what the attacks cost beside it is the price of sending them. In a process of its own, as the
 * API is. The parent gets its address, and ends it.
 */
const server = net.createServer((socket) => {
  let rest = '';
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (text: string) => {
    const parts = `${rest}${text}`.split(END_OF_HEADERS);
    rest = (parts.at(-1) ?? '').slice(-END_OF_HEADERS.length);
    socket.write(NOTHING_THERE.repeat(parts.length - 1));
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());

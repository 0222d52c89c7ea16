import type { Readable } from 'node:stream';

/** What was written to a stream so far. Newer versions of Node return one chunk per read, older ones all of them. */
export function textOf(stream: Readable): string {
  const pieces: Buffer[] = [];
  for (let piece = read(stream); piece !== null; piece = read(stream)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const read = (stream: Readable) => stream.read() as Buffer | null;

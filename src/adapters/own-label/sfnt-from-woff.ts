import { inflateSync } from 'node:zlib';

/** See the WOFF 1.0 recommendation, sections 3 to 5; and the OpenType specification for the header of a font file. */
const SIGNATURE = 0x774f4646;
const [WOFF_HEADER, WOFF_ENTRY] = [44, 20];
const [SFNT_HEADER, SFNT_ENTRY] = [12, 16];

const padded = (length: number) => Math.ceil(length / 4) * 4;

/** The font in a WOFF file, unpacked; other files as they are. Read as WOFF, a font is unpacked anew for each of its characters. */
export function sfntFromWoff(file: Buffer): Buffer {
  if (file.readUInt32BE(0) !== SIGNATURE) return file;
  const tables = Array.from({ length: file.readUInt16BE(12) }, (_, at) => {
    const entry = WOFF_HEADER + at * WOFF_ENTRY;
    const [offset, packed, length] = [4, 8, 12].map((field) => file.readUInt32BE(entry + field)) as [
      number,
      number,
      number,
    ];
    const bytes = file.subarray(offset, offset + packed);
    return { tag: file.subarray(entry, entry + 4), checksum: file.subarray(entry + 16, entry + 20), bytes, length };
  });

  const header = Buffer.alloc(SFNT_HEADER + tables.length * SFNT_ENTRY);
  file.copy(header, 0, 4, 8);
  header.writeUInt16BE(tables.length, 4);
  const log = Math.floor(Math.log2(tables.length));
  header.writeUInt16BE(2 ** log * SFNT_ENTRY, 6);
  header.writeUInt16BE(log, 8);
  header.writeUInt16BE((tables.length - 2 ** log) * SFNT_ENTRY, 10);

  let end = header.length;
  const bodies = tables.map(({ tag, checksum, bytes, length }, at) => {
    const entry = SFNT_HEADER + at * SFNT_ENTRY;
    tag.copy(header, entry);
    checksum.copy(header, entry + 4);
    header.writeUInt32BE(end, entry + 8);
    header.writeUInt32BE(length, entry + 12);
    const body = Buffer.alloc(padded(length));
    (bytes.length < length ? inflateSync(bytes, { maxOutputLength: length }) : bytes).copy(body);
    end += body.length;
    return body;
  });
  return Buffer.concat([header, ...bodies]);
}

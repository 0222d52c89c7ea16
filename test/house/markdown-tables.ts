import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

export const inRoot = (...names: string[]): string => path.join(ROOT, ...names);

export const read = (file: string): string => readFileSync(inRoot(file), 'utf8');

/** The body rows, as plain text, of all tables in a document whose first columns are these. */
export function rowsOf(document: string, ...columns: readonly string[]): string[][] {
  const rows: string[][] = [];
  let inTable = false;
  for (const line of read(document).split('\n')) {
    const cells = line.startsWith('|') ? cellsOf(line) : undefined;
    if (!cells) inTable = false;
    else if (columns.every((column, at) => cells[at] === column)) inTable = true;
    else if (inTable && !/^-+$/.test(cells[0] ?? '')) rows.push(cells);
  }
  return rows;
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim().replaceAll('`', ''));

import { writeFileSync } from 'node:fs';
import { inRoot, read } from '../../../house/markdown-tables';
import { drawn, everyFault } from './matrix';
import { PAGE, withMatrix } from './page';

/** `npm run provider-kit:faults`: prints which try finds which planted fault, and writes it into docs/providers.md. */
async function main(): Promise<void> {
  const matrix = await everyFault();
  const text = drawn(matrix);
  console.log(text);
  writeFileSync(inRoot(PAGE), withMatrix(read(PAGE), text));
  const unseen = matrix.filter(([, failed]) => failed.length === 0).map(([fault]) => fault);
  if (unseen.length === 0) return;
  console.error(`\nNot found: ${unseen.join(', ')}`);
  process.exitCode = 1;
}

void main();

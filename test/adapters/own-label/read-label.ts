import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PRINTER_DPI = '203';

/** What this machine lacks to read a label; undefined if nothing. */
export const missingForLabels = (): string | undefined =>
  ['pdftotext', 'pdftoppm', 'zbarimg'].every((each) => spawnSync(each, ['--help']).error === undefined)
    ? undefined
    : 'pdftotext and zbarimg (Debian: poppler-utils, zbar-tools)';

export interface ReadLabel {
  readonly text: string;
  readonly pages: number;
  /** In points. */
  readonly size: string;
  /** What a scanner reads from the printed label: `CODE-128:…`. */
  readonly barcodes: readonly string[];
}

/** Reads a label as people and scanners do: as a label printer would print it. */
export function readLabel(bytes: Uint8Array): ReadLabel {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'label-'));
  const [file, image] = [path.join(directory, 'label.pdf'), path.join(directory, 'label')];
  try {
    writeFileSync(file, bytes);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
    execFileSync('pdftoppm', ['-r', PRINTER_DPI, '-gray', '-png', '-singlefile', file, image]);
    const scanned = execFileSync('zbarimg', ['--quiet', '--nodbus', '-Sdisable', '-Scode128.enable', `${image}.png`], {
      encoding: 'utf8',
    });
    return {
      text: text.normalize('NFC'),
      pages: Number(/^Pages:\s+(\d+)/m.exec(info)?.[1]),
      size: /^Page size:\s+(.+) pts/m.exec(info)?.[1] ?? '',
      barcodes: scanned.split('\n').filter(Boolean),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

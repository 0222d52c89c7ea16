import { renameSync, writeFileSync } from 'node:fs';

const OWNER_ONLY = 0o600;

/** A reader, or a start after a crash, sees the old text or the new, never a mixture. Only the owner may read the file. */
export function writeFileAtomically(file: string, text: string): void {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: OWNER_ONLY });
  renameSync(draft, file);
}

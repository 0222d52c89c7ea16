import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Acknowledgement } from './check-acknowledged';

/** A load client's journal: one `{ "key", "tenant", "id" }` per line. */
export const readAcknowledgements = (file: string): AsyncGenerator<Acknowledgement> =>
  readLines(file, ['key', 'tenant', 'id']);

/** Workflows ended on purpose: one `{ "workflowId" }` per line. */
export async function* readEndedByHand(file: string): AsyncGenerator<string> {
  for await (const { workflowId } of readLines(file, ['workflowId'])) yield workflowId;
}

async function* readLines<Name extends string>(
  file: string,
  names: readonly Name[],
): AsyncGenerator<Readonly<Record<Name, string>>> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    const found = JSON.parse(line) as Readonly<Record<Name, string>>;
    if (!names.every((name) => typeof found[name] === 'string')) {
      const expected = names.map((name) => `"${name}"`).join(', ');
      throw new Error(`Line ${number} of ${file} is not { ${expected} }`);
    }
    yield found;
  }
}

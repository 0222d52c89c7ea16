import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Acknowledgement } from './check-acknowledged';

/** What a load client wrote down: one `{ "key", "tenant", "id" }` a line. */
export async function* readAcknowledgements(file: string): AsyncGenerator<Acknowledgement> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    yield acknowledgementIn(line, `Line ${number} of ${file}`);
  }
}

function acknowledgementIn(line: string, place: string): Acknowledgement {
  const { tenant, key, id } = JSON.parse(line) as Partial<Record<string, unknown>>;
  if (typeof tenant !== 'string' || typeof key !== 'string' || typeof id !== 'string') {
    throw new Error(`${place} is no { "key", "tenant", "id" }`);
  }
  return { tenant, key, id };
}

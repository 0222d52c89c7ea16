/** For other providers, or if the sandbox was not named. */
export const NO_JOURNALS = 'the sandbox providers were not named: give --sandbox';

/** The roles whose journals are read. */
export const JOURNALS = ['payments', 'warehouse', 'mail', 'carrier'] as const;

/** Streams a journal of the sandbox, line by line. Throws if it is cut off: half a journal proves nothing. */
export async function* sandboxJournal<Line>(sandbox: string, name: string): AsyncGenerator<Line> {
  const response = await fetch(`${sandbox}/journal/${name}`);
  if (!response.ok || response.body === null) {
    throw new Error(`${sandbox} answered ${response.status} instead of the journal ${name}`);
  }
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}

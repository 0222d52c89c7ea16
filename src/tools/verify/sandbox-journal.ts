/** Where there are other providers, or nobody said where the sandbox is. */
export const NO_JOURNALS = "the providers' journals were not given: give --sandbox";

/** Reads a journal of the sandbox as it grows over the wire, one line at a time. One that is cut off throws: a half is not the whole. */
export async function* sandboxJournal<Line>(sandbox: string, name: string): AsyncGenerator<Line> {
  const response = await fetch(`${sandbox}/journal/${name}`);
  if (!response.ok || response.body === null) {
    throw new Error(`${sandbox} answered ${response.status} and not with the journal ${name}`);
  }
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}

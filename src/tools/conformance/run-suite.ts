import { shortly } from './answer';
import { notTried } from '../suite/row';
import type { RowReport } from '../suite/row';
import type { Row } from './row';
import { serverUnderTest } from './server-under-test';
import type { ApiKeys, ServerUnderTest } from './server-under-test';
import { tryRow } from '../suite/try-row';
import { openWire } from './wire';

/** A slow or stuck server must not block a pipeline: rows left after this count as failed. */
const SUITE_LIMIT_MS = 55_000;
const NOBODYS_ID = `chk_${'0'.repeat(32)}`;

export interface Listener {
  begun(row: string, at: number): void;
  ended(report: RowReport): void;
}

/** Tests the rows one after another, over HTTP and with its own keys, so it may run beside other traffic. */
export async function runSuite(
  { url, keys, rows }: { url: string; keys: ApiKeys; rows: readonly Row[] },
  listener: Listener,
): Promise<RowReport[]> {
  const deadline = AbortSignal.timeout(SUITE_LIMIT_MS);
  const wire = openWire(url, deadline);
  const server = serverUnderTest(wire, keys);
  const reports: RowReport[] = [];
  try {
    const obstacle = await obstacleTo(server);
    for (const [at, row] of rows.entries()) {
      listener.begun(row.row, at);
      const spent = deadline.aborted ? `the suite's ${SUITE_LIMIT_MS / 1_000} s were over` : obstacle;
      const report = spent === undefined || 'hidden' in row ? await tryRow(row, server) : notTried(row, spent);
      reports.push(report);
      listener.ended(report);
    }
    return reports;
  } finally {
    wire.close();
  }
}

/** A wrong key or address is reported once, not by every row. */
async function obstacleTo(server: ServerUnderTest): Promise<string | undefined> {
  try {
    const answer = await server.read(NOBODYS_ID);
    return answer.status === 404 ? undefined : `a GET with the API key got ${shortly(answer)}, not 404`;
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return `the server cannot be reached: ${message === '' ? code : message}`;
  }
}

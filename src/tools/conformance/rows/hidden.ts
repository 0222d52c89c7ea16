import type { Row } from '../row';

const hidden = (row: string, needs: string): Row => ({ row, hidden: `needs ${needs}` });

/** What no client can cause: the project's own tests, which control the stores, do. */
export const notForClients: readonly Row[] = [
  hidden('process died after the claim, or Temporal is down', 'the API killed at that moment, or Temporal stopped'),
  hidden('commit acknowledgement lost', 'the connection to Postgres cut inside a commit'),
  hidden('5xx', 'a fault inside the server; one met by chance fails the row that meets it'),
  hidden('Redis down', 'Redis stopped'),
  hidden('Postgres down', 'Postgres stopped'),
  hidden("Temporal's retention has dropped the run", 'a closed workflow deleted from Temporal'),
  hidden('outcome older than 30 days', 'a clock that can be moved'),
];

/** Printed after a failed run, to help find out what went wrong. */
export const howToLook = (dataDir: string): string =>
  [
    `Kept      ${dataDir}: report.json, the logs of every process, and the data of Postgres, Temporal, Valkey and the sandbox`,
    `Look      npm run chaos:look -- '${dataDir}'   starts these stores again and prints their addresses`,
    `Delete    rm -r '${dataDir}'`,
    '',
  ].join('\n');

/** For whoever has to find out what went wrong. */
export const howToLook = (dataDir: string): string =>
  [
    `Kept      ${dataDir}: report.json, logs/ of every process, and what Postgres, Temporal, Valkey and the sandbox had`,
    `Look      npm run chaos:look -- '${dataDir}'   starts these stores again, and says where they are`,
    `Forget    rm -r '${dataDir}'`,
    '',
  ].join('\n');

/** What systems call a connection that did not come about, so that nothing was sent. */
const CODES: readonly unknown[] = [
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EDNS', 'UND_ERR_CONNECT_TIMEOUT'],
];

export const neverConnected = (...codes: readonly (string | undefined)[]): boolean =>
  codes.some((code) => CODES.includes(code));

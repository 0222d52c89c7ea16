/** From the root. */
export const DOCUMENT = 'src/adapters/http/protocol/providers.openapi.json';

/**
 * The provider cannot answer any call at the moment: it is down or overloaded, or the connection to it is. The call that failed may still
 * have acted. A caller with many orders need not try the others; a step is simply retried.
 */
export class ProviderUnreachable extends Error {}

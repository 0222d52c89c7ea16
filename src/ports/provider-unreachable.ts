/**
 * A provider that gives no answers at the moment: down, overloaded, or the line to it is. It says nothing about the call that met it, which
 * may have acted. Whoever calls for many orders learns from it that the others need not be tried; a step is just tried again.
 */
export class ProviderUnreachable extends Error {}

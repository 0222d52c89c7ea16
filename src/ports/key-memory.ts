/**
 * Remembers keys for a provider that knows none, such as a mail server. Shared by all processes, and outlives them: so a step that is
 * retried elsewhere, or undone after a crash, still learns what was done under its key.
 */
export interface KeyMemory {
  /**
   * Comes before the call, so that a key that was not begun has certainly not acted. `asked` is what the call is about; a key that was begun
   * with something else throws `ProviderFault('key-reused')`.
   */
  begin(key: string, asked: readonly string[]): Promise<KeyState>;
  /**
   * The call has acted: from now on `begin` answers with this reference, unless another one came first, which then counts. Returns what is
   * known after that.
   */
  settle(key: string, reference: string): Promise<KeyState>;
  /** Refuses the key from then on. True if it had been begun: its call may have acted, or may do so yet. Harmless when repeated. */
  close(key: string): Promise<boolean>;
  /** Changes nothing. Undefined if the key was never used. */
  known(key: string): Promise<KeyState | undefined>;
}

export type KeyState =
  | { readonly state: 'begun' }
  | { readonly state: 'settled'; readonly reference: string }
  | { readonly state: 'closed'; readonly reference?: string };

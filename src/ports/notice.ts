/** What a genuine webhook of a provider says: that something about a call of ours may have changed. It decides nothing; we ask the provider. */
export interface Notice {
  /** The sender's own, up to 200 characters: one that is repeated has the same. */
  readonly id: string;
  /** When it was signed, in seconds since 1970, by the sender's clock. */
  readonly signedAt: number;
  /** That of our call, `<checkout id>:<step>`; absent if the webhook is about nothing that we asked for. */
  readonly key?: string;
  /** What the provider calls the thing it is about, such as a payment, if it says so. */
  readonly reference?: string;
  /** Whose it is at a provider that many accounts share, if it says so. */
  readonly account?: string;
}

/** By lower-case name. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** How the webhooks of a vendor are read. */
export interface Webhooks {
  /** The setting that holds the secret they are signed with. A provider whose entry lacks it may not write to us. */
  readonly signedWith: string;
  /** Throws a sentence if something is missing that `read` needs. */
  expectReady?(): void;
  /** Undefined unless these very bytes were signed with the secret. How long ago that was is checked by the caller. Never throws. */
  read(secret: string, headers: WebhookHeaders, bytes: Buffer): Notice | undefined;
}

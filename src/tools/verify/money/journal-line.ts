/** What a check reads of a provider's journal. */
export interface JournalLine {
  readonly at: string;
  readonly operation: string;
  /** `<checkout id>:<step>` */
  readonly key: string;
  readonly outcome: string;
  readonly amount?: number;
  readonly currency?: string;
}

export const checkoutIdOf = ({ key }: JournalLine): string => key.slice(0, key.lastIndexOf(':'));

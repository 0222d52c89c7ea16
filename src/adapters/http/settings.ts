/** Of the adapters `http` and `sandbox`. */
export interface HttpSettings {
  /** In front of `/provider/v1/<role>`. */
  readonly url: string;
  /** `whsec_…`: every call is signed with it. Without it none is. */
  readonly secret?: string;
}

/** What is not for a team to set. */
export interface HttpSurroundings {
  /** Receivers refuse a timestamp that is minutes off their own clock. */
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

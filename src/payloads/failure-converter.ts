import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Moves the message and stack of each failure into a payload, which the codec then encrypts. Its type stays readable: code recognises
 * refusals by it, and people see in a list what went wrong.
 */
class EncodedFailures extends DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  override errorToFailure(...args: Parameters<DefaultFailureConverter['errorToFailure']>) {
    const [error] = args;
    const failure = super.errorToFailure(...args);
    const kind = failure.applicationFailureInfo?.type ?? (error instanceof Error ? error.name : undefined);
    return kind ? { ...failure, message: `${failure.message}: ${kind}` } : failure;
  }
}

/** The SDK loads this file by its path; workflows have it in their bundle. */
export const failureConverter = new EncodedFailures();

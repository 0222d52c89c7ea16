import type { Sender } from '../provider-inbox/senders';
import { sandboxIn } from '../providers/sandbox-in';
import { webhookSenders } from '../providers/webhook-senders';
import { environment } from '../runtime/config';
import type { Config } from '../runtime/config';
import type { Logger } from '../runtime/logger';

/** Ends the process with a sentence if the file has a mistake: otherwise every webhook of a provider would be refused, and nobody told. */
export const sendersIn = (config: Config, logger: Logger): Promise<Sender[]> =>
  webhookSenders({ file: config.PROVIDERS_FILE, environment, sandbox: sandboxIn(config) }).catch((error: unknown) => {
    logger.fatal(error instanceof Error ? error.message : error);
    process.exit(1);
  });

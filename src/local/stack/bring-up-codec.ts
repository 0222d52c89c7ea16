import { pickPort, startAndKeep } from './part-context';
import type { PartContext } from './part-context';
import type { Child } from './child';
import { PART_TITLES } from './part-names';
import type { StackSecrets } from './stack-secrets';

/** Where the codec server will be: the Web UI must know before it is started. */
export interface CodecPlan {
  readonly port: number;
  readonly endpoint: string;
  readonly secrets: StackSecrets;
}

/** Null if nothing is encrypted. */
export async function planCodec(site: PartContext, secrets: StackSecrets): Promise<CodecPlan | null> {
  if (secrets.payloadKeys === '') return null;
  const port = await pickPort(site, site.settings.codecPort);
  return { port, endpoint: endpointOf(port, secrets), secrets };
}

/** Starts it for the Web UI at `temporalUi`, and returns its endpoint, which must be pasted into any other Web UI. */
export async function bringUpCodec(
  site: PartContext,
  { port, secrets }: CodecPlan,
  { temporalUi, start }: { temporalUi: string | null; start: (env: NodeJS.ProcessEnv) => Promise<Child> },
): Promise<string> {
  const env = {
    PAYLOAD_KEYS: secrets.payloadKeys,
    CODEC_TOKEN: secrets.codecToken,
    CODEC_ORIGIN: site.settings.codecOrigin || originsOf(temporalUi),
  };
  let planned: number | undefined = port;
  // Another port only if this one was taken in the meantime: then the endpoint must be pasted into the embedded Web UI too.
  const choose = async () => {
    const chosen = planned ?? (await pickPort(site, 0));
    planned = undefined;
    return chosen;
  };
  return site.progress.step(PART_TITLES.codec, async () => {
    const { endpoint } = await startAndKeep(site, choose, async (at) => ({
      child: await start({ ...env, CODEC_PORT: String(at) }),
      endpoint: endpointOf(at, secrets),
    }));
    return endpoint;
  });
}

/** The trailing slash is for versions of the Web UI that would replace the token by `decode`. */
const endpointOf = (port: number, { codecToken }: StackSecrets): string => `http://127.0.0.1:${port}/${codecToken}/`;

/** The embedded Web UI has two names on this machine, which are two origins. */
function originsOf(temporalUi: string | null): string {
  if (temporalUi === null || !URL.canParse(temporalUi)) return '';
  const { origin } = new URL(temporalUi);
  return [origin, ...(origin.includes('//127.0.0.1') ? [origin.replace('127.0.0.1', 'localhost')] : [])].join(',');
}

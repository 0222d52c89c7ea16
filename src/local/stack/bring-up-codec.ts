import { pickPort, startAndKeep } from './part-context';
import type { PartContext } from './part-context';
import type { Child } from './child';
import { PART_TITLES } from './part-names';
import type { StackSecrets } from './stack-secrets';

/** Where the codec server is going to be: the Web UI has to be told before there is one. */
export interface CodecPlan {
  readonly port: number;
  readonly endpoint: string;
  readonly secrets: StackSecrets;
}

/** Null where nothing is encrypted. */
export async function planCodec(site: PartContext, secrets: StackSecrets): Promise<CodecPlan | null> {
  if (secrets.payloadKeys === '') return null;
  const port = await pickPort(site, site.settings.codecPort);
  return { port, endpoint: endpointOf(port, secrets), secrets };
}

/** Starts it for the Web UI at `temporalUi` and returns its endpoint, which the Web UI of others has to be told by hand. */
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
  // Elsewhere only if somebody took the port meanwhile: the embedded Web UI then needs the endpoint pasted.
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

/** The slash at the end is for versions of the Web UI that would put `decode` in the place of the token. */
const endpointOf = (port: number, { codecToken }: StackSecrets): string => `http://127.0.0.1:${port}/${codecToken}/`;

/** The embedded Web UI is the same under both names of this machine, but not the same origin. */
function originsOf(temporalUi: string | null): string {
  if (temporalUi === null || !URL.canParse(temporalUi)) return '';
  const { origin } = new URL(temporalUi);
  return [origin, ...(origin.includes('//127.0.0.1') ? [origin.replace('127.0.0.1', 'localhost')] : [])].join(',');
}

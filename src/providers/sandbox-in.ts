import type { HttpSettings } from '../adapters/http/settings';

interface SandboxSettings {
  readonly SANDBOX_URL: string;
  readonly SANDBOX_SECRET: string;
}

/** The sandbox that the settings name; undefined if they name none. */
export const sandboxIn = ({ SANDBOX_URL: url, SANDBOX_SECRET: secret }: SandboxSettings): HttpSettings | undefined =>
  url === '' ? undefined : { url, ...(secret === '' ? {} : { secret }) };

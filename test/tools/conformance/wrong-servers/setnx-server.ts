import { setTimeout as rest } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Claim, Claims } from './claims';
import { HANDLER_MS, inMemoryServer } from './in-memory-server';
import { listen } from './listen';

/** "The handler never takes that long", until it does. */
const LOCK_TTL_MS = HANDLER_MS / 4;
const POLL_MS = 2;

/** `SET lock:<key> 1 NX PX <ttl>`, as with Redis. Defect: the lock expires during a slow handler, and the next one executes too. */
function setnxClaims<Result>(): Claims<Result> {
  const answers = new Map<string, Claim<Result>>();
  const takenFor = new Map<string, string>();
  const lockedUntil = new Map<string, number>();

  const setNx = (name: string): boolean => {
    if ((lockedUntil.get(name) ?? 0) > performance.now()) return false;
    lockedUntil.set(name, performance.now() + LOCK_TTL_MS);
    return true;
  };

  return async (name, asked, execute) => {
    // The first fingerprint is kept without expiry: the lock is this server's only defect.
    const fingerprint = takenFor.get(name) ?? asked;
    takenFor.set(name, fingerprint);
    for (;;) {
      const answer = answers.get(name);
      if (answer) return { claim: answer, first: false };
      if (fingerprint === asked && setNx(name)) {
        const claim = { fingerprint, result: await execute() };
        answers.set(name, claim);
        return { claim, first: true };
      }
      await rest(POLL_MS);
    }
  };
}

export const setnxServer = (): FastifyInstance => inMemoryServer({ claims: setnxClaims() });

if (require.main === module) void listen(setnxServer());

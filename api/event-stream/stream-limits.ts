import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, PROBLEM_ADVICE } from '../plugins/problems';

const RETRY_AFTER_SECONDS = '5';

/** Each stream costs some twenty kilobytes here and a place in the one query of the feed. */
const LIMITS = {
  most: 2_000,
  /** So that one key cannot take them all. */
  mostOfAKey: 1_000,
};

export type SeatLimits = typeof LIMITS;

/** One open stream: of a key, and on a connection. */
interface Seat {
  readonly keyId: string;
  readonly isGone: () => boolean;
  readonly leave: () => void;
  /** It was so at the last look. */
  wasGone: boolean;
}

/**
 * How many streams may be open at once, in all and for one API key. The seats themselves are counted, each with the connection that it is
 * on, so that what is counted can be compared with what is there.
 */
export class StreamLimits {
  readonly #seats = new Set<Seat>();
  readonly #limits: SeatLimits;
  #lost = 0;

  /** `onLost` is told of seats that were kept for connections that are gone. */
  constructor(
    private readonly onLost: (seats: number) => void,
    limits: Partial<SeatLimits> = {},
  ) {
    this.#limits = { ...LIMITS, ...limits };
  }

  get taken(): number {
    return this.#seats.size;
  }

  /** Seats so far that nobody had left although their connections were gone: a bug of ours. */
  get lost(): number {
    return this.#lost;
  }

  /**
   * Takes a seat until the answer or its connection closes, whichever is first, and has `onLeave` run then, once. Throws 429 (this key has too
   * many) or 503 (everybody together). The connection must be open: one that has closed says so no more.
   */
  take(keyId: string, { socket }: IncomingMessage, response: ServerResponse): { onLeave(work: () => void): void } {
    const { most, mostOfAKey } = this.#limits;
    const own = [...this.#seats].filter((seat) => seat.keyId === keyId).length;
    const headers = { 'retry-after': RETRY_AFTER_SECONDS };
    if (own >= mostOfAKey) {
      throw new ApiError('too-many-requests', `This API key has ${own} event streams open here: close some.`, {
        headers,
      });
    }
    if (this.taken >= most) throw new ApiError('unavailable', PROBLEM_ADVICE.unavailable, { headers });

    const atTheEnd: (() => void)[] = [];
    const seat: Seat = {
      keyId,
      isGone: () => socket.destroyed || response.closed,
      leave: () => this.#seats.delete(seat) && atTheEnd.forEach((work) => work()),
      wasGone: false,
    };
    this.#seats.add(seat);
    // Node tells the answers of a connection that closes, but for those behind the first.
    socket.once('close', seat.leave);
    response.once('close', () => {
      socket.off('close', seat.leave);
      seat.leave();
    });
    return { onLeave: (work) => (this.#seats.has(seat) ? atTheEnd.push(work) : work()) };
  }

  /** Looks whether each seat's connection is still there. Where it was gone at the last look as well, the seat is lost: freed, and told. */
  compare(): void {
    const gone = [...this.#seats].filter(({ isGone }) => isGone());
    const lost = gone.filter(({ wasGone }) => wasGone);
    // Between the end of a connection and the event that says so the loop may turn.
    for (const seat of gone) seat.wasGone = true;
    if (lost.length === 0) return;
    lost.forEach(({ leave }) => leave());
    this.#lost += lost.length;
    this.onLost(lost.length);
  }
}

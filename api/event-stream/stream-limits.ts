import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, PROBLEM_ADVICE } from '../plugins/problems';

const RETRY_AFTER_SECONDS = '5';

/** Each stream costs some twenty kilobytes here, and a place in the feed's one query. */
const LIMITS = {
  most: 2_000,
  /** So that one key cannot take them all. */
  mostOfAKey: 1_000,
};

export type SeatLimits = typeof LIMITS;

/** One open stream: its API key and its connection. */
interface Seat {
  readonly keyId: string;
  readonly isGone: () => boolean;
  readonly leave: () => void;
  /** At the last check. */
  wasGone: boolean;
}

/**
 * Limits the streams that are open at the same time, in all and for one API key. Each seat is kept with its connection, so that the count can
 * be compared with the connections that are really there.
 */
export class StreamLimits {
  readonly #seats = new Set<Seat>();
  readonly #limits: SeatLimits;
  #lost = 0;

  /** `onLost` gets the number of seats that were kept for connections that are gone. */
  constructor(
    private readonly onLost: (seats: number) => void,
    limits: Partial<SeatLimits> = {},
  ) {
    this.#limits = { ...LIMITS, ...limits };
  }

  get taken(): number {
    return this.#seats.size;
  }

  /** Seats so far that were not left although their connections were gone: a bug of ours. */
  get lost(): number {
    return this.#lost;
  }

  /**
   * Takes a seat until the answer or its connection closes, whichever is first, and then runs `onLeave` once. Throws 429 if this key has too
   * many, 503 if there are too many in all. The connection must be open: a closed one emits no further event.
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
    // When a connection closes, Node tells its first answer, but not those queued behind it.
    socket.once('close', seat.leave);
    response.once('close', () => {
      socket.off('close', seat.leave);
      seat.leave();
    });
    return { onLeave: (work) => (this.#seats.has(seat) ? atTheEnd.push(work) : work()) };
  }

  /** Checks that each seat's connection is still there. If it was gone at the last check too, the seat is lost: it is freed and reported. */
  compare(): void {
    const gone = [...this.#seats].filter(({ isGone }) => isGone());
    const lost = gone.filter(({ wasGone }) => wasGone);
    // The event loop may turn between the end of a connection and its event.
    for (const seat of gone) seat.wasGone = true;
    if (lost.length === 0) return;
    lost.forEach(({ leave }) => leave());
    this.#lost += lost.length;
    this.onLost(lost.length);
  }
}

import type { ParkedKey } from '../../src/outbox/operators/dead-letters';
import { ApiError } from '../plugins/problems';

export const encodeParkedCursor = ({ sink, target, checkoutId, sequence }: ParkedKey): string =>
  Buffer.from([sink, target, checkoutId, sequence].join(' ')).toString('base64url');

const CURSOR = /^([a-z0-9-]{1,64}) ([\w-]{0,64}) (chk_[0-9a-f]{32}) ([1-9][0-9]{0,14})$/;

/** The position in a cursor that a client sent back; throws 400 if it is not one of ours. */
export function decodeParkedCursor(cursor: string): ParkedKey {
  const [, sink, target, checkoutId, sequence] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (sink === undefined || target === undefined || checkoutId === undefined) {
    throw new ApiError('invalid-request', 'querystring.cursor must be the `next` of an earlier page.', {
      members: { errors: [{ field: 'querystring.cursor', message: 'is not a cursor of this API' }] },
    });
  }
  return { sink, target, checkoutId, sequence: Number(sequence) };
}

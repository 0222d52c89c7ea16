import { ApiError } from '../plugins/problems';

/** Where a page of `GET /v1/checkouts` ends. */
export interface PagePosition {
  readonly acceptedAt: Date;
  readonly id: string;
}

export const encodeCursor = ({ acceptedAt, id }: PagePosition): string =>
  Buffer.from(`${acceptedAt.getTime()} ${id}`).toString('base64url');

/** The position in a cursor that a client sent back; throws 400 if it is not one of ours. */
export function decodeCursor(cursor: string): PagePosition {
  const [, at, id] = /^([0-9]{1,15}) (chk_[0-9a-f]{32})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) {
    throw new ApiError('invalid-request', 'querystring.cursor must be the `next` of an earlier page.', {
      members: { errors: [{ field: 'querystring.cursor', message: 'is not a cursor of this API' }] },
    });
  }
  return { acceptedAt: new Date(Number(at)), id };
}

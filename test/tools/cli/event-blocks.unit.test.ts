import { expect, test } from '@jest/globals';
import { blockReader } from '../../../src/tools/cli/event-blocks';

const STREAM = [
  'event: checkout\ndata: {}\n\n',
  ': keep-alive\n\n',
  'id: 7\nevent: payment.authorized\ndata: {"a":\ndata: 1}\n\n',
  'data:no space, no name\r\nid\r\n\r\n',
  'id: 8\nevent: never finished',
].join('');
const BLOCKS = [
  { event: 'checkout', id: undefined },
  { event: undefined, id: undefined },
  { event: 'payment.authorized', id: '7' },
  { event: 'message', id: '' },
];

test('reads the same blocks in whatever pieces they arrive', () => {
  for (let size = 1; size <= STREAM.length; size += 1) {
    const read = blockReader(() => undefined);
    const pieces = Array.from({ length: Math.ceil(STREAM.length / size) }, (_, at) =>
      STREAM.slice(at * size, (at + 1) * size),
    );

    expect(pieces.flatMap(read)).toEqual(BLOCKS);
  }
});

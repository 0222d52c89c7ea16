import { expect, test } from '@jest/globals';
import { createLogger } from '../../src/runtime/logger';
import { RepeatedLines } from '../../src/runtime/repeated-lines';

function aLog() {
  const lines: Record<string, unknown>[] = [];
  const repeated = new RepeatedLines();
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const logger = createLogger('test', { LOG_LEVEL: 'info' }, { write }, repeated);
  return { lines, logger, flush: repeated.flush };
}

const awayFrom = (message: string) => Object.assign(new Error(message), { code: 'ECONNREFUSED' });

test('writes the first line of a kind immediately, and later ones as one line with their count', () => {
  const { lines, logger, flush } = aLog();
  const happen = (times: number) => {
    for (let at = 0; at < times; at += 1) logger.warn({ err: awayFrom(`no. ${at}`), requestId: at }, 'unavailable');
  };

  happen(100);
  expect(lines).toMatchObject([{ requestId: 0 }]);
  flush();
  happen(10);
  flush();
  expect(lines).toMatchObject([{ requestId: 0 }, { requestId: 99, repeated: 99 }, { requestId: 9, repeated: 10 }]);
  flush();
  happen(1);

  expect(lines).toHaveLength(4);
  expect(lines[3]).not.toHaveProperty('repeated');
});

test('other words, level, sink, error or place are another kind', () => {
  const { lines, logger } = aLog();
  const err = awayFrom('here');

  logger.warn({ err, sink: 'kafka' }, 'a pass failed');
  logger.warn({ err, sink: 'kafka' }, 'a pass failed');
  logger.warn({ err, sink: 'nats' }, 'a pass failed');
  logger.error({ err, sink: 'kafka' }, 'a pass failed');
  logger.warn({ err, sink: 'kafka' }, 'a retry failed');
  logger.warn({ err: Object.assign(new TypeError('here'), { code: 'ECONNREFUSED' }), sink: 'kafka' }, 'a pass failed');
  logger.warn({ err: Object.assign(new Error('here'), { code: 'EPIPE' }), sink: 'kafka' }, 'a pass failed');
  logger.warn({ err: new Error('here', { cause: err }), sink: 'kafka' }, 'a pass failed');

  expect(lines).toHaveLength(7);
});

test('writes every line that is not about an error', () => {
  const { lines, logger } = aLog();

  for (let at = 0; at < 20; at += 1) logger.info({ dropped: 1 }, 'dropped old days of the log');
  for (let at = 0; at < 20; at += 1) logger.info('said');

  expect(lines).toHaveLength(40);
});

test('limits how many kinds it tells apart', () => {
  const { lines, logger, flush } = aLog();

  for (let at = 0; at < 5_000; at += 1) logger.warn({ err: awayFrom('here'), name: `made up ${at}` }, 'unavailable');
  flush();

  expect(lines.length).toBeLessThan(1_100);
  expect(lines.at(-1)).toMatchObject({ repeated: expect.any(Number) });
});

test('writes the count by itself', async () => {
  const lines: { repeated?: number }[] = [];
  const repeated = new RepeatedLines(10);
  const told = new Promise<void>((resolve) => {
    const write = (line: string) => {
      const parsed = JSON.parse(line) as { repeated?: number };
      lines.push(parsed);
      if (parsed.repeated !== undefined) resolve();
    };
    const logger = createLogger('test', { LOG_LEVEL: 'info' }, { write }, repeated);
    for (let at = 0; at < 3; at += 1) logger.warn({ err: awayFrom('here') }, 'unavailable');
  });
  // The log's own timer does not keep a process alive.
  const alive = setInterval(() => undefined, 1_000);
  await told;
  clearInterval(alive);

  expect(lines).toMatchObject([{}, { repeated: 2 }]);
});

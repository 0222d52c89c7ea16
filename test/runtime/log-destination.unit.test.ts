import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createLogger } from '../../src/runtime/logger';
import type { Logger } from '../../src/runtime/logger';
import { logDestination, losesLines } from '../../src/runtime/log-destination';
import { describeWith } from '../support/describe-with';
import { noSmallVolumes, smallVolume } from '../support/small-volume';

function loggerOn(file: string): { logger: Logger; close: () => void; loses: () => boolean } {
  const descriptor = openSync(file, 'a');
  const onRecovered = (lost: number) => logger.warn({ lost }, 'lines are missing');
  const logger = createLogger('test', { LOG_LEVEL: 'info' }, logDestination(descriptor, onRecovered));
  return { logger, close: () => closeSync(descriptor), loses: () => losesLines(descriptor) };
}

const noFullDevice = existsSync('/dev/full') ? undefined : '/dev/full, which Linux has';

describeWith(noFullDevice, 'a log that takes nothing', () => {
  test('does not throw when a line cannot be written', () => {
    const { logger, close } = loggerOn('/dev/full');

    expect(() => logger.fatal({ err: new Error('of its own') }, 'lost')).not.toThrow();
    close();
  });
});

describeWith(noSmallVolumes(), 'a log on a disk that was full', () => {
  test('goes on in whole lines, and says how many are missing', () => {
    const disk = smallVolume(mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-disk-')), 1);
    const file = path.join(disk.directory, 'log');
    const { logger, close, loses } = loggerOn(file);
    logger.info('before');
    expect(loses()).toBe(false);
    disk.fill();
    for (let line = 0; line < 100; line += 1) logger.info({ line, text: 'x'.repeat(100) }, 'while it is full');
    expect(loses()).toBe(true);
    disk.free();
    logger.info('after');
    expect(loses()).toBe(false);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    close();
    disk.unmount();
    rmSync(disk.directory, { recursive: true });

    const told = lines.map((line): { msg?: string; lost?: number } => {
      try {
        return JSON.parse(line) as { msg: string };
      } catch {
        return {};
      }
    });
    const written = told.filter(({ msg }) => msg === 'while it is full').length;
    expect(told.slice(-2)).toMatchObject([{ msg: 'after' }, { msg: 'lines are missing', lost: 100 - written }]);
    // The line that the disk took half of.
    expect(told.filter(({ msg }) => msg === undefined).length).toBeLessThanOrEqual(1);
  });
});

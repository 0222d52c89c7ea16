import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { schemaOf } from '../../src/postgres/schema';
import { healthOf } from '../../src/runtime/health';
import type { HealthParts } from '../../src/runtime/health';
import { postgresUser } from '../../src/local/stack/postgres-user';
import { describeWith } from '../support/describe-with';
import { noSmallVolumes, smallVolume } from '../support/small-volume';
import type { SmallVolume } from '../support/small-volume';
import { createTestDatabase } from '../support/template-database';
import type { TestDatabase } from '../support/template-database';

describeWith(noSmallVolumes(), 'a Postgres with a full disk', () => {
  const mount = mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-full-'));
  const tablespace = `small_${process.pid}`;
  let volume: SmallVolume;
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    volume = smallVolume(mount, 4);
    const place = path.join(mount, 'tablespace');
    mkdirSync(place);
    const user = await postgresUser();
    if (user) chownSync(place, user.uid, user.gid);
    db = openDatabase(database.url, { connections: 2, onIdleError: () => undefined });
    await db.query(`create tablespace ${tablespace} location '${place}'`);
    await db.query(`create table big (text text) tablespace ${tablespace}`);
    // Temporary files go there too.
    await db.query(`alter database ${new URL(database.url).pathname.slice(1)} set temp_tablespaces = ${tablespace}`);
    await db.close();
    db = openDatabase(database.url, { connections: 2, onIdleError: () => undefined });
  });
  afterAll(async () => {
    volume.free();
    await db.query(`drop table big`);
    await db.query(`drop tablespace ${tablespace}`);
    await db.close();
    await database.drop();
    volume.unmount();
    rmSync(mount, { recursive: true });
  });

  const temporal = { call: async () => undefined } as unknown as HealthParts['temporal'];
  const health = () =>
    healthOf({ db, schema: () => schemaOf(db), temporal, redis: undefined, logLosesLines: () => false })();
  const write = () => db.query(`insert into big select repeat('x', 1000) from generate_series(1, 100)`);

  test('is not ready, however often it is asked, until there is space again', async () => {
    await write();
    expect(await health()).toMatchObject({ ready: true, problems: [] });

    volume.fill();
    await expect(write()).rejects.toMatchObject({ code: '53100' });

    const full = { ready: false, postgres: 'up', problems: [expect.stringContaining('disk of Postgres is full')] };
    for (let times = 0; times < 3; times += 1) expect(await health()).toMatchObject(full);
    volume.free();
    expect(await health()).toMatchObject({ ready: true, problems: [] });
    await write();
  });

  test('keeps its connections, since an error for lack of space ends no session', async () => {
    await write();
    const opened = db.connectionsOpened();

    volume.fill();
    for (let times = 0; times < 5; times += 1) await expect(write()).rejects.toMatchObject({ code: '53100' });
    volume.free();
    await write();

    expect(db.connectionsOpened()).toBe(opened);
  });
});

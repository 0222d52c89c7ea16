import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { FreePorts } from '../../src/local/stack/free-ports';
import { kafkaJars } from './kafka-jars';
import { OwnServer } from './own-server';
import type { Place } from './own-server';

/** Any 16 bytes, in Kafka's encoding. */
const CLUSTER_ID = 'dHVyYWJsZS1jaGVja291dA';
/** Starts in two seconds instead of five, and uses less memory. */
const JVM = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** One Kafka node, both broker and controller, whose topics have four partitions by default. */
export async function startKafka(): Promise<OwnServer> {
  const classPath = await kafkaJars();
  return OwnServer.start('kafka', async (place) => {
    const settings = path.join(place.dataDir, 'server.properties');
    await writeFile(settings, await properties(place));
    const format = ['kafka.tools.StorageTool', 'format', '--standalone', '-t', CLUSTER_ID, '-c', settings];
    await promisify(execFile)('java', [...JVM, '-cp', classPath, ...format]);
    return { command: 'java', args: [...JVM, '-cp', classPath, 'kafka.Kafka', settings] };
  });
}

async function properties({ dataDir, port }: Place): Promise<string> {
  const controller = await new FreePorts().pick(0);
  return `
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
listeners=BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs=${path.join(dataDir, 'kafka')}
num.partitions=4
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
# A killed broker is not let in again before its old self counts as gone: 9 seconds by default.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
`;
}

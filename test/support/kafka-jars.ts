import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { programSearch } from './program-search';

const KAFKA = '4.3.1';
/** The oldest Java that Kafka 4 runs on. */
const JAVA = 17;
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies';
/** Kafka's distribution is these jars with scripts around them. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>kafka</artifactId>
  <version>${KAFKA}</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA}</version>
    </dependency>
  </dependencies>
</project>
`;

const home = (): string => path.join(programSearch().cacheDir, 'programs', `kafka-${KAFKA}`);

/** What this machine lacks to run Kafka; undefined if nothing. */
export function missingForKafka(): string | undefined {
  const java = /version "(\d+)/.exec(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr ?? '');
  if (Number(java?.[1] ?? 0) < JAVA) return `Java ${JAVA} or later (Debian: default-jre-headless)`;
  if (existsSync(home()) || spawnSync('mvn', ['--version']).status === 0) return undefined;
  return 'Maven (Debian: maven)';
}

/** Kafka's class path, from the cache or, the first time, from Maven Central. */
export async function kafkaJars(): Promise<string> {
  const cached = home();
  if (!existsSync(cached)) await install(cached);
  return path.join(cached, '*');
}

async function install(to: string): Promise<void> {
  console.log(`Installing the jars of Kafka ${KAFKA} into ${to}`);
  await mkdir(path.dirname(to), { recursive: true });
  const draft = await mkdtemp(path.join(path.dirname(to), 'installing-'));
  try {
    await writeFile(path.join(draft, 'pom.xml'), POM);
    const args = ['--quiet', '--batch-mode', COPY, '-DoutputDirectory=jars', '-DincludeScope=runtime'];
    await promisify(execFile)('mvn', args, { cwd: draft });
    // Two test files may install at the same time: the first one's copy stays.
    await rename(path.join(draft, 'jars'), to).catch((error: unknown) => {
      if (!existsSync(to)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

import { CORPUS, laneFolders, refuseIfReleased, writeShape } from './corpus';
import { recordScenario } from './record-scenario';
import type { Lane } from '../../support/saga-harness';
import { startRecordingServers } from './recording-servers';
import type { RecordingServers } from './recording-servers';
import { SCENARIOS } from './scenarios';

/** `npm run replay:record`: runs every scenario, and makes the histories the corpus of the current shape. */
async function main(): Promise<void> {
  // Now, rather than after everything was recorded.
  for (const [, folder] of laneFolders()) refuseIfReleased(folder);

  const servers = await startRecordingServers();
  try {
    const recorded: [string, Map<string, string>][] = [];
    for (const [lane, folder] of laneFolders()) recorded.push([folder, await recordAll(servers, lane)]);
    for (const [folder, histories] of recorded) writeShape(folder, histories);
    console.log(`\nRecorded ${SCENARIOS.length} histories for each lane in ${CORPUS}.`);
  } finally {
    await servers.stop();
  }
}

async function recordAll(servers: RecordingServers, lane: Lane): Promise<Map<string, string>> {
  const histories = new Map<string, string>();
  for (const scenario of SCENARIOS) {
    const json = await recordScenario({ ...scenario, lane }, servers.of(scenario));
    histories.set(scenario.name, json);
    console.log(`  ${lane} ${scenario.name}  ${(JSON.parse(json) as { events: unknown[] }).events.length} events`);
  }
  return histories;
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
});

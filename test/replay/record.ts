import { CORPUS, currentShape, folderOf, refuseIfReleased, writeShape } from './corpus';
import { recordScenario } from './record-scenario';
import { startRecordingServers } from './recording-servers';
import { SCENARIOS } from './scenarios';

/** `npm run replay:record`: plays every scenario and makes the histories the corpus of the present shape. */
async function main(): Promise<void> {
  const folder = folderOf(currentShape());
  // Now, and not only when all has been played.
  refuseIfReleased(folder);

  const servers = await startRecordingServers();
  try {
    const histories = new Map<string, string>();
    for (const scenario of SCENARIOS) {
      const json = await recordScenario(scenario, servers.of(scenario));
      histories.set(scenario.name, json);
      console.log(`  ${scenario.name}  ${(JSON.parse(json) as { events: unknown[] }).events.length} events`);
    }
    writeShape(folder, histories);
    console.log(`\nRecorded ${histories.size} histories of ${currentShape()} in ${CORPUS}.`);
  } finally {
    await servers.stop();
  }
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
});

import { CURRENT_SHAPE, laneFolders, releaseShape } from './corpus';

/** `npm run replay:release`: from now on the histories of the current shape must not change. */
try {
  for (const [, folder] of laneFolders()) releaseShape(folder);
  console.log(`The histories of ${CURRENT_SHAPE} are released.`);
} catch (error) {
  process.exitCode = 1;
  console.error((error as Error).message);
}

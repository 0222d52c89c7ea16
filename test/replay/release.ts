import { currentShape, folderOf, releaseShape } from './corpus';

/** `npm run replay:release`: from here on the histories of the present shape are kept as they are. */
try {
  releaseShape(folderOf(currentShape()));
  console.log(`The histories of ${currentShape()} are released.`);
} catch (error) {
  process.exitCode = 1;
  console.error((error as Error).message);
}

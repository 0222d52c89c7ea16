import { parseArgs } from 'node:util';
import { currentShape, folderOf, releaseShape } from './corpus';

/** `npm run replay:release [-- --shape <name>]`: from here on the histories of the shape are kept as they are. */
const { values } = parseArgs({ options: { shape: { type: 'string', default: currentShape() } } });
try {
  releaseShape(folderOf(values.shape));
  console.log(`The histories of ${values.shape} are released.`);
} catch (error) {
  process.exitCode = 1;
  console.error((error as Error).message);
}

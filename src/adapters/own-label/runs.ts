import bidiFactory from 'bidi-js';
import type { Face } from './faces';

/** Text that is drawn in one go, from left to right on the paper. */
export interface Run {
  readonly text: string;
  readonly face: Face;
}

interface Piece extends Run {
  readonly level: number;
}

const MISSING = '\ufffd';
const bidi = bidiFactory();
/** What people see as one character stays together, so that an accent is drawn by its letter's font. */
const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A line as runs in the order in which they stand on the paper, for lines in any script and direction. */
export function runsOf(line: string, faces: readonly Face[]): readonly Run[] {
  const { levels } = bidi.getEmbeddingLevels(line);
  const pieces = Array.from(clusters.segment(line), ({ segment, index }): Piece => {
    const level = levels[index] ?? 0;
    const shown = level % 2 ? (bidi.getMirroredCharacter(segment) ?? segment) : segment;
    const face = faces.find((each) => each.has(shown));
    return face ? { text: shown, face, level } : { text: MISSING, face: lastOf(faces), level };
  });
  return inVisualOrder(joined(pieces)).map(({ text, face, level }) => ({
    // A font turns Hebrew and Arabic round by itself, but not the signs between them.
    text: level % 2 && !/\p{L}/u.test(text) ? Array.from(text).reverse().join('') : text,
    face,
  }));
}

/** Extended Arabic digits run from left to right, which the shaper does not know: they stay single. */
const STANDS_ALONE = /[\u06f0-\u06f9]/;

function joined(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    const fits = last?.face === piece.face && last.level === piece.level && !STANDS_ALONE.test(last.text + piece.text);
    if (last && fits) runs[runs.length - 1] = { ...last, text: last.text + piece.text };
    else runs.push(piece);
  }
  return runs;
}

/** Rule L2 of the bidirectional algorithm: from the highest level down, whatever is at least that deep is turned round. */
function inVisualOrder(runs: readonly Piece[]): readonly Piece[] {
  const order = [...runs];
  const deepest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = deepest; level > 0; level -= 1) {
    let from = 0;
    while (from < order.length) {
      let to = from;
      while (to < order.length && (order[to]?.level ?? 0) >= level) to += 1;
      order.splice(from, to - from, ...order.slice(from, to).reverse());
      from = Math.max(to, from + 1);
    }
  }
  return order;
}

function lastOf(faces: readonly Face[]): Face {
  const last = faces.at(-1);
  if (!last) throw new Error('A label needs a font');
  return last;
}

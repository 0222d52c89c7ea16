/** The width of a text at size 1. */
export type Measure = (text: string) => number;

export interface Box {
  readonly width: number;
  readonly height: number;
  /** The largest first. */
  readonly sizes: readonly number[];
}

const LINE_HEIGHT = 1.35;
const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' });

export const lineHeightOf = (size: number): number => size * LINE_HEIGHT;

/** The largest size at which all lines fit into the box, broken where needed. If none does, what does not fit is left out. */
export function fitted(
  texts: readonly string[],
  box: Box,
  measure: Measure,
): { size: number; lines: readonly string[] } {
  const at = (size: number) => ({ size, lines: texts.flatMap((text) => broken(text, box.width / size, measure)) });
  const fits = box.sizes.map(at).find(({ size, lines }) => lineHeightOf(size) * lines.length <= box.height);
  if (fits) return fits;
  const smallest = at(box.sizes.at(-1) ?? 1);
  return { ...smallest, lines: smallest.lines.slice(0, Math.floor(box.height / lineHeightOf(smallest.size))) };
}

/** Breaks between words, or inside a word that is longer than a line. */
function broken(text: string, width: number, measure: Measure): readonly string[] {
  const lines: string[] = [];
  let [line, used] = ['', 0];
  const take = (part: string) => {
    if (used + measure(part.trimEnd()) > width) {
      lines.push(line);
      [line, used] = ['', 0];
    }
    line += part;
    used += measure(part);
  };
  for (const word of text.split(/(?<= )/)) {
    if (measure(word.trimEnd()) <= width) take(word);
    else for (const { segment } of clusters.segment(word)) take(segment);
  }
  return [...lines, line].map((each) => each.trimEnd()).filter(Boolean);
}

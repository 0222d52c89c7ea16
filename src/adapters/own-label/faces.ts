import { readFileSync } from 'node:fs';
import * as fontkit from 'fontkit';
import { sfntFromWoff } from './sfnt-from-woff';

/** One font file. `has` tells whether it has all characters of a text. */
export interface Face {
  readonly name: string;
  readonly bytes: Buffer;
  has(text: string): boolean;
}

/**
 * DejaVu joins Arabic letters and looks good in Latin, Greek and Cyrillic; Unifont has every other script of Unicode's first plane, and most
 * others, drawn as pixels. Rare Chinese characters of the upper planes are in neither.
 */
const IN_THE_BOX = () => [
  require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  require.resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff'),
];

/** In the order in which they are preferred: `own`, then those in the box. Reads them all, so that a missing file stops the start. */
export const facesOf = (own: readonly string[] = []): readonly Face[] => [...own.map(ownFaceIn), ...inTheBox()];

/** Read once, however many tenants have labels of their own: Unifont takes 13 MB. */
const inTheBox = once(() => IN_THE_BOX().map(faceIn));

function ownFaceIn(file: string): Face {
  try {
    return faceIn(file);
  } catch (cause) {
    throw new Error(`the font ${file} in \`fonts\` cannot be used: ${(cause as Error).message}`, { cause });
  }
}

function faceIn(file: string): Face {
  const bytes = sfntFromWoff(readFileSync(file));
  const font = fontkit.create(bytes);
  if (!('hasGlyphForCodePoint' in font)) throw new Error('it is a collection of fonts, not one font');
  return {
    name: file,
    bytes,
    has: (text) => Array.from(text).every((character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)),
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

import { raw } from 'bwip-js/node';

/** Code 128 as widths in modules: bar, space, bar, …, and what they add up to. */
export function code128(text: string): { readonly widths: readonly number[]; readonly modules: number } {
  const [symbol] = raw({ bcid: 'code128', text });
  if (!symbol || !('sbs' in symbol)) throw new Error('Code 128 has no bars for this text');
  const widths = Array.from(symbol.sbs, Number);
  return { widths, modules: widths.reduce((sum, width) => sum + width, 0) };
}

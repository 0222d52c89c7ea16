import { read } from '../../house/markdown-tables';

const PAGE = 'docs/providers.md';

/** The blocks of code in docs/providers.md that are in this language, in their order. */
export const blocksIn = (language: string): string[] =>
  [...read(PAGE).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code = '']) => code);

export const PAGE = 'docs/providers.md';

const BLOCK = /(?<=<!-- npm run provider-kit:faults -->\n\n```text\n)[\s\S]*?(?=\n```)/;

export const withMatrix = (page: string, matrix: string): string => page.replace(BLOCK, () => matrix);

export const matrixIn = (page: string): string | undefined => BLOCK.exec(page)?.[0];

import { randomBytes } from 'node:crypto';

const BYTES = 12;

export const newId = (prefix: string): string => `${prefix}_${randomBytes(BYTES).toString('hex')}`;

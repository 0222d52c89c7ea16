import { Agent } from 'node:http';
import type { Start } from '../system';
import { post } from './post';

const CREATED = 201;

/** Ours as a shop calls it: one request, whose answer is the outcome. */
export const http: Start = async ({ api }) => {
  const agent = new Agent({ keepAlive: true });
  return { one: (id) => post({ api, agent, id, expect: CREATED, headers: { prefer: 'wait=30' } }) };
};

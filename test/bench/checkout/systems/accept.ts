import { Agent } from 'node:http';
import { post } from './post';
import type { Start } from '../system';

const ACCEPTED = 202;

/** Ours without waiting: the claim and the acceptance are committed, and the workflow is started behind the answer. */
export const accept: Start = async ({ api }) => {
  const agent = new Agent({ keepAlive: true });
  return { one: (id) => post({ api, agent, id, expect: ACCEPTED }) };
};

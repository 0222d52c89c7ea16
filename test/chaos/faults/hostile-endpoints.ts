import type { Fault } from '../injector';

/** The endpoints are as they are all the time; what they did is counted. */
export const hostileEndpoints: Fault = ({ endpoints }) => ({
  get struck() {
    return { 'webhook-dripped': endpoints.dripped, 'webhook-unanswered': endpoints.unanswered };
  },
  run: async () => undefined,
});

import type { Fault } from '../injector';

/** The endpoints are hostile all the time; this only counts what they did. */
export const hostileEndpoints: Fault = ({ endpoints }) => ({
  get struck() {
    return { 'webhook-dripped': endpoints.dripped, 'webhook-unanswered': endpoints.unanswered };
  },
  run: async () => undefined,
});

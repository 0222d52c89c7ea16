import { API } from './api';
import { CHECKOUTS } from './checkouts';
import { ENCRYPTION } from './encryption';
import { EVENTS } from './events';
import { LOCAL } from './local';
import { LOGS } from './logs';
import { STORES } from './stores';

/** Every setting, under the headings of docs/settings.md and .env.example, which `npm run docs:settings` makes of this. */
export const SETTINGS_BY_SUBJECT = {
  'The API': API,
  'Postgres, Temporal and Redis': STORES,
  'Checkouts and their workers': CHECKOUTS,
  Events: EVENTS,
  Encryption: ENCRYPTION,
  '`npm start` and the command line': LOCAL,
  Logs: LOGS,
};

export const SETTINGS = { ...API, ...STORES, ...CHECKOUTS, ...EVENTS, ...ENCRYPTION, ...LOCAL, ...LOGS };

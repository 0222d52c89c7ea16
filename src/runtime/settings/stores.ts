import { text } from './setting';

export const STORES = {
  DATABASE_URL: text('', {
    readBy: ['api', 'worker', 'relay', 'migrate', 'api-key', 'start', 'cli'],
    unit: '`postgres://user:password@host:port/database`',
    whenEmpty: 'an embedded one, under `npm start`',
    description: 'Your own Postgres. It accepts no sandbox keys: make one with `npm run api-key`.',
  }),
  TEMPORAL_ADDRESS: text('', {
    readBy: ['api', 'worker', 'start', 'cli', 'promote', 'replay'],
    unit: '`host:port`',
    whenEmpty: 'an embedded one, under `npm start`',
    description: 'Your own Temporal. `npm start` registers our search attributes there.',
  }),
  TEMPORAL_NAMESPACE: text('default', {
    readBy: ['api', 'worker', 'start', 'cli', 'promote', 'replay'],
    description: 'The namespace of the workflows.',
  }),
  TEMPORAL_UI_URL: text('', {
    readBy: ['start'],
    unit: 'URL',
    description: 'The Web UI of your own Temporal, for the links that `npm start` prints.',
  }),
  REDIS_URL: text('', {
    readBy: ['api', 'worker', 'relay', 'start'],
    unit: '`redis://host:port`, or `off`',
    whenEmpty: 'an embedded one, under `npm start`',
    description: 'Your own Redis or Valkey. Without one everything works, but more slowly.',
  }),
};

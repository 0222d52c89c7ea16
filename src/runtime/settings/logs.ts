import { oneOf, text } from './setting';

export const LOGS = {
  LOG_FILE: text('', {
    readBy: ['api', 'worker', 'relay', 'codec', 'sandbox'],
    unit: 'path',
    whenEmpty: 'nothing is rotated',
    description:
      'The file that standard output is redirected to (`node dist/src/bin/relay.js >> relay.log`), if the process should rotate it: at 10 MB it becomes `<file>.1`, and the one before it `<file>.2`. `npm start` sets it for its parts.',
  }),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'info', {
    readBy: ['api', 'worker', 'relay', 'codec', 'sandbox'],
    description: 'The least severe lines that are logged.',
  }),
};

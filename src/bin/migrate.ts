import { migrate } from '../postgres/migrate';
import { readConfig, required } from '../runtime/config';

migrate(required(readConfig(), 'DATABASE_URL')).then(
  () => console.log('The database is up to date.'),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

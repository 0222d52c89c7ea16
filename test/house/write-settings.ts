import { writeFileSync } from 'node:fs';
import { inRoot } from './markdown-tables';
import { envExample, settingsPage } from './settings-documents';

/** `npm run docs:settings` */
writeFileSync(inRoot('docs/settings.md'), settingsPage());
writeFileSync(inRoot('.env.example'), envExample());

import { CHANNELS } from './channels';
import { components, messagesIn } from './messages';

const DESCRIPTION = `One CloudEvents 1.0 event for each committed change of a checkout. Each is delivered at least once. First deliveries of a
checkout arrive as \`sequence\` 1, 2, 3 … without a gap; a duplicate has the same \`id\` and the same bytes.
Ignore fields and types that you do not know: more may be added, and none is removed.`;

type Channel = keyof typeof CHANNELS;

/** The AsyncAPI document, built from the same schemas that the tests check events against. */
export function asyncApi(): Record<string, unknown> {
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Durable Checkout events', version: 'v1', description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: ofEachChannel((name) => CHANNELS[name].server),
    channels: ofEachChannel((name) => ({
      ...CHANNELS[name].channel,
      servers: [{ $ref: `#/servers/${name}` }],
      messages: messagesIn(CHANNELS[name].mode),
    })),
    operations: ofEachChannel((name) => ({ action: 'send', channel: { $ref: `#/channels/${name}` } })),
    components: components(),
  };
  // Drops the symbols in TypeBox schemas.
  return JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
}

const ofEachChannel = <T>(make: (name: Channel) => T): Record<string, T> =>
  Object.fromEntries((Object.keys(CHANNELS) as Channel[]).map((name) => [name, make(name)]));

import type { KeyMemory } from '../../ports/key-memory';
import type { MailAnswer } from '../../ports/mailer';
import type { Connection } from '../adapter';
import { deliveryOver } from './delivery';
import type { SmtpSettings } from './settings';
import { templatesOf } from './templates';
import type { Letter, Words } from './templates';
import { amountIn, confirmationWords } from './wording';

interface Post {
  readonly key: string;
  readonly to: string;
  readonly words: Words;
  /** The key of the mail that this one follows. */
  readonly answers?: string;
}

/**
 * Mail over SMTP. A mail server knows no keys, so `keys` remembers them: a mail that was taken is not sent again, and one whose answer was
 * lost is sent again with the same Message-ID, so that a server that looks at it delivers it once.
 */
export function create(settings: SmtpSettings, keys: KeyMemory): Connection<'mail'> {
  const { locale = 'en' } = settings;
  const write = templatesOf(locale, settings.templates);
  const delivery = deliveryOver(settings);
  // A colon is not allowed there.
  const messageIdOf = (key: string) => `${key.replaceAll(':', '.')}@${delivery.domain}`;

  async function send(letter: Letter, { key, to, words, answers }: Post): Promise<MailAnswer> {
    const known = await keys.begin(key, [letter, to]);
    if (known.state === 'closed') return { outcome: 'blocked' };
    if (known.state === 'settled') return { outcome: 'sent', reference: known.reference };
    const messageId = messageIdOf(key);
    await delivery.send({
      ...{ to, messageId, ...write(letter, words) },
      ...(answers === undefined ? {} : { answers: messageIdOf(answers) }),
    });
    await keys.settle(key, messageId);
    return { outcome: 'sent', reference: messageId };
  }

  return {
    sendConfirmation: (request) =>
      send('confirmation', { key: request.key, to: request.to, words: confirmationWords(request, locale) }),

    async sendCancellation({ key, to, orderId }) {
      // Who was told nothing need not be told that it is off. Who may have been told must be.
      if (!(await keys.close(key))) return;
      await send('cancellation', { key: `${key}:cancelled`, to, words: { orderId }, answers: key });
    },

    sendRefundNotice: ({ key, refund, to, orderId, amount }) =>
      send('refund-notice', {
        ...{ key: `${key}:${refund}`, to, answers: key },
        words: { orderId, amount: amountIn(locale, amount) },
      }),

    reach: () => delivery.verify(),
    close: async () => delivery.close(),
  };
}

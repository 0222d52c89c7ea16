import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import { secret } from '../adapter';

/** What `PROVIDERS_FILE` says of a mail server, with secrets in place. */
export const SmtpSettingsSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253 }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    secure: Type.Boolean({ description: 'TLS from the first byte (port 465). Otherwise STARTTLS where it is offered' }),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(secret()),
    from: Type.String({
      minLength: 3,
      maxLength: 320,
      description: '`orders@example.com` or `Shop <orders@example.com>`',
    }),
    locale: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
        says: 'a locale such as en or de-AT',
        default: 'en',
      }),
    ),
    templates: Type.Optional(
      Type.String({ pattern: '^/', says: 'the absolute path of a folder', description: 'Templates of your own' }),
    ),
    ca: Type.Optional(Type.String({ minLength: 1, description: 'Certificate authority of the server, as PEM' })),
  },
  { additionalProperties: false },
);

export type SmtpSettings = Static<typeof SmtpSettingsSchema>;

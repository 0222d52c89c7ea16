import { Type } from '@sinclair/typebox';

const identity = {
  id: Type.String({ examples: ['whe_0f8fad5bd9cb469fa16570867728950e'] }),
  url: Type.String({ description: 'Normalised' }),
  createdAt: Type.String({ description: 'ISO 8601' }),
};

/** An endpoint as its creator sees it. */
export const WebhookWithSecretSchema = Type.Object({
  ...identity,
  secret: Type.String({ description: '`whsec_…`: verify signatures with it, as Standard Webhooks says' }),
});

/** An endpoint as everybody of its tenant sees it. */
export const WebhookSchema = Type.Object({
  ...identity,
  disabledAt: Type.Union([Type.String({ description: 'ISO 8601' }), Type.Null()]),
  disabledWhy: Type.Union([Type.String(), Type.Null()]),
});

import { Type } from '@sinclair/typebox';

export const StrandedPageSchema = Type.Object({
  stranded: Type.Array(
    Type.Object({
      checkoutId: Type.String(),
      tenant: Type.String(),
      found: Type.String({
        description:
          'What became of its workflow: `gone`, `terminated`, `timed-out`, `completed`, `failed`, `cancelled`',
      }),
      acceptedAt: Type.String({ description: 'ISO 8601' }),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()], { description: 'The `cursor` of the next page; null at the end' }),
});

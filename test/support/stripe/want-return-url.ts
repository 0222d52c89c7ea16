import { InvalidParameter } from './api-error';

/** Payment methods that the account has switched on may lead the customer away, and back. */
export function wantReturnUrl(allowRedirects: 'always' | 'never', returnUrl: string | undefined): void {
  if (allowRedirects === 'always' && returnUrl === undefined)
    throw new InvalidParameter(
      'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these might ' +
        'redirect your customer off of your page, you must provide a `return_url`.',
      'return_url',
    );
}

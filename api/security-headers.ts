/** For answers that are data: nothing in them is ever run or framed, or kept by what lies between. Pages have their own, in `openapi`. */
export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

import Stripe from 'stripe';

interface Server {
  readonly port: number;
  readonly secretKey: string;
}

/** The official library, talking to a fake on loopback; it repeats nothing by itself but a broken connection, once. */
export const library = ({ port, secretKey }: Server): Stripe =>
  new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });

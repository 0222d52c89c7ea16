import type { Ports, Role } from '../../ports/providers';
import { ADDRESS, MINOR, OTHER_RECIPIENT, QUANTITY } from './given';
import type { Given } from './given';
import type { Body, StepCalls } from './step-calls';

/** The roles whose steps are done under a key. A quote changes nothing. */
export type KitRole = Exclude<Role, 'pricing'>;

/** An order's id is the part of its keys before the colon. */
export const orderOf = (key: string): string => key.slice(0, key.indexOf(':'));

const found = <Request, Answer>(
  find: ((request: Request) => Promise<Answer>) | undefined,
  ask: (key: string) => Request,
) => (find === undefined ? {} : { find: (key: string) => find(ask(key)) });

/** The port of each role, in the words of all roles. */
export const CALLS_OF: { readonly [R in KitRole]: (port: Ports[R], given: Given) => StepCalls } = {
  payments: (port, { token, currency }) => {
    const amountOf = (body: Body) => ({ minor: MINOR[body], currency });
    return {
      done: ['authorized'],
      act: (key, body = 'usual') => port.authorize({ key, amount: amountOf(body), token }),
      undo: (key) => port.void({ key }),
      ...found(port.find?.bind(port), (key) => ({ key, amount: amountOf('usual') })),
    };
  },

  inventory: (port, { sku }) => ({
    done: ['reserved'],
    act: (key, body = 'usual') => port.reserve({ key, lines: [{ sku, quantity: QUANTITY[body] }] }),
    undo: (key) => port.release({ key }),
    ...found(port.find?.bind(port), (key) => ({ key })),
  }),

  warehouse: (port, { sku }) => ({
    done: ['triggered', 'accepted'],
    act: (key, body = 'usual') =>
      port.trigger({ key, lines: [{ sku, quantity: QUANTITY[body] }], address: ADDRESS[body] }),
    undo: (key) => port.cancel({ key }),
    ...found(port.find?.bind(port), (key) => ({ key })),
  }),

  mail: (port, { sku, to, currency }) => ({
    done: ['sent'],
    act: (key, body = 'usual') =>
      port.sendConfirmation({
        key,
        to: body === 'usual' ? to : OTHER_RECIPIENT,
        orderId: orderOf(key),
        name: ADDRESS[body].name,
        total: { minor: MINOR[body], currency },
        lines: [{ sku, quantity: QUANTITY[body] }],
      }),
    undo: (key) => port.sendCancellation({ key, to, orderId: orderOf(key) }),
  }),

  loyalty: (port, { currency }) => ({
    done: ['awarded'],
    act: (key, body = 'usual') =>
      port.award({
        ...{ key, orderId: orderOf(key), customerId: 'cus_provider_kit' },
        total: { minor: MINOR[body], currency },
      }),
    undo: (key) => port.revoke({ key }),
  }),

  carrier: (port, { sku, currency }) => ({
    done: ['generated'],
    act: (key, body = 'usual') =>
      port.generateLabel({
        ...{ key, orderId: orderOf(key), address: ADDRESS[body], lines: [{ sku, quantity: QUANTITY[body] }] },
        value: { minor: MINOR[body], currency },
      }),
    undo: (key) => port.voidLabel({ key }),
    ...found(port.find?.bind(port), (key) => ({ key })),
  }),
};

export const KIT_ROLES = Object.keys(CALLS_OF) as KitRole[];

import { Type } from '@sinclair/typebox';
import { adapter } from '../adapters/adapter';
import type { Adapter } from '../adapters/adapter';
import { catalogPricing } from '../adapters/catalog/pricing';
import { http, sandbox } from '../adapters/http/http-adapter';
import { keyMemoryIn } from '../adapters/key-memory';
import { create as ownLabel } from '../adapters/own-label/create';
import { OwnLabelSettingsSchema } from '../adapters/own-label/settings';
import { postgresInventory } from '../adapters/postgres/inventory';
import { postgresLoyalty } from '../adapters/postgres/loyalty';
import { create as smtp } from '../adapters/smtp/create';
import { SmtpSettingsSchema } from '../adapters/smtp/settings';
import { create as stripe } from '../adapters/stripe/create';
import { StripeSettingsSchema } from '../adapters/stripe/settings';
import { stripeWebhooks } from '../adapters/stripe/webhooks';
import type { Role } from '../ports/providers';

type ByName<R extends Role> = Readonly<Record<string, Adapter<R>>>;

const NOTHING_TO_SET = Type.Object({}, { additionalProperties: false });

/** The adapters in the box, by the names that `PROVIDERS_FILE` uses: add, never rename, because the names are stored with orders. */
export const ADAPTERS: { readonly [R in Role]: ByName<R> } = {
  payments: {
    sandbox: sandbox('payments'),
    stripe: adapter(
      StripeSettingsSchema,
      (settings, { db }) => stripe(settings, keyMemoryIn(db, 'payments')),
      stripeWebhooks,
    ),
    http: http('payments'),
  },
  inventory: { postgres: adapter(NOTHING_TO_SET, postgresInventory), http: http('inventory') },
  warehouse: { sandbox: sandbox('warehouse'), http: http('warehouse') },
  mail: {
    sandbox: sandbox('mail'),
    smtp: adapter(SmtpSettingsSchema, (settings, { db }) => smtp(settings, keyMemoryIn(db, 'mail'))),
    http: http('mail'),
  },
  loyalty: { postgres: adapter(NOTHING_TO_SET, postgresLoyalty), http: http('loyalty') },
  carrier: {
    sandbox: sandbox('carrier'),
    'own-label': adapter(OwnLabelSettingsSchema, (settings, { db }) => ownLabel(settings, keyMemoryIn(db, 'carrier'))),
    http: http('carrier'),
  },
  pricing: { catalog: adapter(NOTHING_TO_SET, (_none, { db }) => catalogPricing(db)) },
};

export const ROLES = Object.keys(ADAPTERS) as Role[];

/** What serves a role by itself: it works in our own database. */
export const EMBEDDED: Readonly<Partial<Record<Role, string>>> = {
  inventory: 'postgres',
  loyalty: 'postgres',
  pricing: 'catalog',
};

export const SANDBOX = 'sandbox';

import type { Ports } from '../../ports/providers';
import { httpCarrier } from './carrier';
import { httpInventory } from './inventory';
import { httpLoyalty } from './loyalty';
import { httpMail } from './mail';
import { httpPayments } from './payments';
import type { ProtocolRole } from './protocol/protocol';
import type { HttpSettings, HttpSurroundings } from './settings';
import { httpWarehouse } from './warehouse';

type HttpPort<R extends ProtocolRole> = (settings: HttpSettings, surroundings?: HttpSurroundings) => Ports[R];

/** What the adapters `http` and `sandbox` are made with. There is nothing to close. */
export const HTTP_PORTS: { readonly [R in ProtocolRole]: HttpPort<R> } = {
  payments: httpPayments,
  inventory: httpInventory,
  warehouse: httpWarehouse,
  mail: httpMail,
  loyalty: httpLoyalty,
  carrier: httpCarrier,
};

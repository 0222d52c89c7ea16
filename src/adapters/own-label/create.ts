import type { Carrier } from '../../ports/carrier';
import type { KeyMemory } from '../../ports/key-memory';
import { facesOf } from './faces';
import { labelPdf } from './label-pdf';
import type { OwnLabelSettings } from './settings';
import { namesOf } from './tracking';

/** Labels that we draw ourselves, for a team that hands its parcels to somebody who wants no more than a label. */
export function create(settings: OwnLabelSettings, keys: KeyMemory): Carrier {
  const faces = facesOf(settings.fonts);
  return {
    async generateLabel({ key, orderId, address, shipFrom, phone }) {
      const { name, line1, line2 = '', city, region = '', postalCode, country } = address;
      const known = await keys.begin(key, [orderId, name, line1, line2, city, region, postalCode, country]);
      if (known.state === 'closed') return { outcome: 'blocked' };
      const { reference, trackingNumber } = namesOf(key);
      const label = { from: shipFrom ?? settings.from, to: address, phone, orderId, trackingNumber };
      const document = { format: 'pdf', bytes: await labelPdf(label, faces) } as const;
      return { outcome: 'generated', reference, trackingNumber, document };
    },

    async voidLabel({ key }) {
      await keys.close(key);
    },
  };
}

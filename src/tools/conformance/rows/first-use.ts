import { aCart, aKey, aLongKey, aShortKey } from '../carts';
import { mustBeFirstUse } from '../expectations';
import { must } from '../../suite/violation';
import type { Row } from '../row';

export const firstUse: Row = {
  row: 'first use',
  checks: [
    {
      says: '202 with Location, and the checkout can be read immediately',
      run: async (server) => {
        const accepted = await server.place({ key: aKey(), body: aCart() });

        const id = mustBeFirstUse(accepted);
        must(accepted.headers['preference-applied'] === undefined, 'Preference-Applied without a Prefer header');
        const found = await server.read(id);
        must(found.status === 200 && found.members.id === id, `GET of the new checkout answers ${found.status}`);
      },
    },
    {
      says: 'two keys are two checkouts, even with equal bodies',
      run: async (server) => {
        const one = mustBeFirstUse(await server.place({ key: aKey(), body: aCart() }));
        const another = mustBeFirstUse(await server.place({ key: aKey(), body: aCart() }));

        must(one !== another, 'two keys got one checkout');
      },
    },
    {
      says: 'a key of 8 characters',
      run: async (server) => void mustBeFirstUse(await server.place({ key: aShortKey(), body: aCart() })),
    },
    {
      says: 'a key of 255 characters',
      run: async (server) => void mustBeFirstUse(await server.place({ key: aLongKey(), body: aCart() })),
    },
    {
      says: 'keys are case-sensitive',
      run: async (server) => {
        const key = aKey();

        mustBeFirstUse(await server.place({ key, body: aCart() }));
        mustBeFirstUse(await server.place({ key: key.toUpperCase(), body: aCart() }));
      },
    },
  ],
};

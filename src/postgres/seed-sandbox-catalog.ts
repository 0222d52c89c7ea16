import { Client } from 'pg';

/** The sandbox's catalog: prices in minor units, and the initial stock. */
export const SANDBOX_CATALOG = [
  { sku: 'MUG-BLUE', name: 'Blue mug', unitMinor: 1500, initial: 1_000_000 },
  { sku: 'TEE-BLACK', name: 'Black T-shirt', unitMinor: 2500, initial: 1_000_000 },
  { sku: 'POSTER-A2', name: 'Poster, A2', unitMinor: 900, initial: 1_000_000 },
  { sku: 'LAST-ONE', name: 'The last one', unitMinor: 5000, initial: 1 },
  { sku: 'SOLD-OUT', name: 'Sold out', unitMinor: 4000, initial: 0 },
];

/** Adds the sandbox's products; existing ones keep their price and stock. */
export async function seedSandboxCatalog(databaseUrl: string, catalog = SANDBOX_CATALOG): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `with entries as (
         select * from jsonb_to_recordset($1::jsonb) as entry (sku text, name text, "unitMinor" bigint, initial bigint)
       ), listed as (
         insert into products (sku, name, unit_minor, currency)
         select sku, name, "unitMinor", 'USD' from entries
         on conflict (sku) do nothing
         returning sku
       )
       insert into stock (sku, initial, available)
       select sku, initial, initial
         from entries
         join listed using (sku)`,
      [JSON.stringify(catalog)],
    );
  } finally {
    await client.end();
  }
}

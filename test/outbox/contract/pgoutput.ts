/** An inserted row as a subscriber of the publication sees it, with values as text. */
export interface Inserted {
  readonly table: string;
  readonly row: Readonly<Record<string, string | null>>;
}

/** Reads the relation and insert messages of Postgres's logical replication protocol, version 1. */
export function insertedRows(messages: readonly Buffer[]): Inserted[] {
  const relations = new Map<number, { table: string; columns: string[] }>();
  const inserted: Inserted[] = [];
  for (const message of messages) {
    const read = new Reader(message);
    switch (read.letter()) {
      case 'R':
        relations.set(read.int32(), { table: `${read.text()}.${read.text()}`, columns: columnNames(read) });
        break;
      case 'I': {
        const relation = relations.get(read.int32());
        if (!relation) throw new Error('A row of a relation that was not described');
        inserted.push({ table: relation.table, row: newRow(read, relation.columns) });
        break;
      }
    }
  }
  return inserted;
}

function columnNames(read: Reader): string[] {
  read.letter(); // the replica identity, which inserts do not need
  return Array.from({ length: read.int16() }, () => {
    read.letter(); // whether the column is part of the key
    const name = read.text();
    read.int32(); // type
    read.int32(); // type modifier
    return name;
  });
}

function newRow(read: Reader, columns: readonly string[]): Record<string, string | null> {
  read.letter(); // N, for the new tuple
  read.int16();
  return Object.fromEntries(columns.map((name) => [name, read.letter() === 'n' ? null : read.sized()]));
}

class Reader {
  #at = 0;
  constructor(private readonly bytes: Buffer) {}

  letter = (): string => String.fromCharCode(this.bytes.readUInt8(this.#advance(1)));
  int16 = (): number => this.bytes.readInt16BE(this.#advance(2));
  int32 = (): number => this.bytes.readInt32BE(this.#advance(4));
  sized = (): string => this.#slice(this.int32());

  text = (): string => {
    const text = this.#slice(this.bytes.indexOf(0, this.#at) - this.#at);
    this.#advance(1);
    return text;
  };

  #slice(length: number): string {
    const from = this.#advance(length);
    return this.bytes.toString('utf8', from, this.#at);
  }

  #advance(by: number): number {
    this.#at += by;
    return this.#at - by;
  }
}

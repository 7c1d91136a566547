import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface File {
  up: string;
  down: string;
}

/** Of five files one makes a table, with a reference to the one before; the others change it as releases do. */
function fileOf(n: number): File {
  const number = Math.floor(n / 5);
  const table = `table_${number}`;
  const parent = number === 0 ? '' : `, parent bigint REFERENCES table_${number - 1}`;
  const files: File[] = [
    {
      up: `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, state text${parent});`,
      down: `DROP TABLE ${table};`,
    },
    {
      up: `ALTER TABLE ${table} ADD COLUMN email varchar(100);`,
      down: `ALTER TABLE ${table} DROP COLUMN email;`,
    },
    { up: `CREATE INDEX ${table}_email ON ${table} (email);`, down: `DROP INDEX ${table}_email;` },
    {
      up: `ALTER TABLE ${table} ADD COLUMN amount int NOT NULL DEFAULT 0;`,
      down: `ALTER TABLE ${table} DROP COLUMN amount;`,
    },
    {
      up: `ALTER TABLE ${table} ADD CONSTRAINT ${table}_amount CHECK (amount >= 0);`,
      down: `ALTER TABLE ${table} DROP CONSTRAINT ${table}_amount;`,
    },
  ];
  return files[n % 5]!;
}

/** Writes a project of plain SQL; its files, in their order. */
export function writePlainProject(folder: string, count: number): string[] {
  mkdirSync(join(folder, 'sql'), { recursive: true });
  return Array.from({ length: count }, (_, n) => {
    const { up, down } = fileOf(n);
    const name = `sql/${String(n + 1).padStart(4, '0')}`;
    writeFileSync(join(folder, `${name}.sql`), `${up}\n`);
    writeFileSync(join(folder, `${name}.down.sql`), `${down}\n`);
    return `${name}.sql`;
  });
}

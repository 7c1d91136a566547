import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** Every secret that is planted, by where: each is found again by its own text. */
export const SECRETS = {
  'the password of a role that a migration makes': 'Planted-Role-Password-71',
  'the password of a role that a migration alters': 'Planted-Altered-Password-72',
  'a connection string in a migration': 'Planted-Dblink-Password-73',
  'a row that a migration inserts twice': 'planted-row-74@example.org',
  'a row that fails a check': 'planted-row-75',
  'a default of a column': 'Planted-Default-76',
  'a value that a migration writes everywhere': 'Planted-Update-77',
  'the environment of the tasks': 'Planted-Environment-78',
  'what the migration tool prints': 'Planted-Stderr-79',
  'a row on which the previous version fails': 'planted-row-80@example.org',
  'a row that it quotes in a statement': 'planted-row-81',
  'why somebody stopped a task': 'Planted-Stop-83',
  'a row in a reason': 'planted-row-84',
  'somebody in a reason': 'planted-85@example.org',
  'a password in a reason': 'Planted-Reason-86',
  'a customer in a reason': 'customer-471187',
} as const;
const of = (where: keyof typeof SECRETS) => SECRETS[where];

const TWO = ['v1', 'v2'];
const shop = join(__dirname, '..', '..', 'examples', 'shop');

const MIGRATIONS: Record<string, Record<string, string>> = {
  roles: {
    '20260301090000_reporting.sql': `-- migrate:up
create role greenlight_reporting login password '${of('the password of a role that a migration makes')}';
alter role greenlight_reporting with password '${of('the password of a role that a migration alters')}';
create table sources (id int primary key, url text not null default 'postgres://app:${of('a connection string in a migration')}@db.example.org/shop');
alter table products add column origin text default '${of('a default of a column')}';
-- migrate:down
alter table products drop column origin;
drop table sources;
drop role greenlight_reporting;
`,
  },
  twice: {
    '20260301090100_customers.sql': `-- migrate:up transaction:false
create table customers (email text unique);
insert into customers values ('${of('a row that a migration inserts twice')}'), ('${of('a row that a migration inserts twice')}');
-- migrate:down
drop table if exists customers;
`,
  },
  failing: {
    '20260301090200_codes.sql': `-- migrate:up transaction:false
create table codes (code text check (length(code) < 5));
insert into codes values ('${of('a row that fails a check')}');
-- migrate:down
drop table if exists codes;
`,
  },
  visits: {
    '20260301090050_visits.sql': `-- migrate:up
create table visits (who text unique);
insert into visits values ('${of('a row on which the previous version fails')}');
-- migrate:down
drop table visits;
`,
  },
  asleep: {
    '20260301090060_asleep.sql': `-- migrate:up
select pg_sleep(600);
-- migrate:down
`,
  },
  everywhere: {
    '20260301090300_supplier.sql': `-- migrate:up
update products set supplier = '${of('a value that a migration writes everywhere')}';
-- migrate:down
`,
  },
  broken: {
    '20260301090400_broken.sql': `-- migrate:up
alter role shop password '${of('the password of a role that a migration alters')}' oops;
-- migrate:down
`,
  },
};

/** A version that asks its database for more than it can have, and prints what it is told: what a trial of it says last. */
const CARELESS = `import { queries } from '${shop}/src/queries.mjs';
import { serve } from '${shop}/src/serve.mjs';
async function required(database) {
  const { rows } = await database.query("select to_regclass('visits') as visits");
  if (rows[0].visits) await database.query("insert into visits values ('${of('a row on which the previous version fails')}')").catch((error) => {
    console.error(error);
    console.error("STATEMENT:  update visits set who = ${of('a row that it quotes in a statement')}");
    throw error;
  });
}
serve({ version: 'v1', queries, required });
`;

/** Releases of the shop with secrets in their migrations: an image map, and the folder of each release's migrations. */
export function plantedReleases() {
  const root = mkdtempSync(join(tmpdir(), 'greenlight-planted-'));
  const images = JSON.parse(readFileSync(join(shop, '..', 'images.json'), 'utf8')).shop;
  const chosen = Object.fromEntries(TWO.map((tag) => [tag, images[tag]]));
  for (const [name, files] of Object.entries(MIGRATIONS)) {
    const folder = join(root, name);
    mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);

    chosen[`v2-${name}`] = {
      ...images.v2,
      environment: { MIGRATIONS: `db/v1,db/v2,${relative(shop, folder)}` },
    };
  }
  writeFileSync(join(root, 'careless.mjs'), CARELESS);
  chosen['v1-careless'] = { ...images.v1, command: ['node', join(root, 'careless.mjs')] };
  for (const image of Object.values<{ folder: string; environment: object }>(chosen)) {
    image.folder = relative(root, shop);
    image.environment = { ...image.environment, API_TOKEN: of('the environment of the tasks') };
  }
  writeFileSync(join(root, 'images.json'), JSON.stringify({ shop: chosen }));
  return {
    images: join(root, 'images.json'),
    folder: (name: string) => join(root, name),
    remove: () => rmSync(root, { recursive: true }),
  };
}

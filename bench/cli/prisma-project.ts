import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { below, oneOf, randomFrom } from '../../test/local/endpoint/random';
import * as sql from './prisma-sql';

/** A table as far as its migrations have come: the columns that later ones may use. */
interface Model {
  name: string;
  columns: string[];
}

const NOUNS =
  `Account Address Album Answer Article Asset Badge Balance Banner Basket Batch Booking Branch Budget Campaign
  Card Category Channel Claim Comment Contact Contract Coupon Course Customer Delivery Device Discount Document Employee
  Event Export Feature Feed Form Gift Group Image Import Invoice Job Journey Label Lead Lesson Limit Location Member
  Message Meter Milestone Note Offer Order Page Partner Payment Payout Permission Photo Plan Playlist Product Profile
  Project Quote Rating Receipt Refund Region Report Request Reward Role Route Rule Schedule Score Segment Session Shift
  Shipment Site Skill Slot Survey Tag Task Team Template Theme Ticket Topic Transfer Trip User Vendor Venue Version
  Vote Voucher Warehouse Webhook Workspace`.split(/\s+/);
const TABLES = ['', 'Entry', 'Setting'].flatMap((part) => NOUNS.map((noun) => `${noun}${part}`));
const FIELDS =
  `title status note email slug locale amount priority reference phone summary position externalId colour
  startsAt endsAt checksum retries source visibility weight currency timezone language nickname origin owner quantity
  rank revision scope state threshold token unit url variant width zip`.split(/\s+/);
const TYPES = ['TEXT', 'INTEGER', 'BOOLEAN NOT NULL DEFAULT false', 'TIMESTAMP(3)', 'DECIMAL(12,2)', 'JSONB'];
const FIRST_TABLES = 30;

/** The migrations of a project, one after the other: PostgreSQL would run them in this order. */
function* history(random: () => number): Generator<string, never> {
  const models: Model[] = [];
  let number = 0;
  const model = () => oneOf(random, models);
  const typed = (field: string) => `"${field}" ${oneOf(random, TYPES)}`;
  const createTable = () => {
    const name = TABLES[models.length]!;
    const parent = models.length > 0 ? model().name : undefined;
    const start = below(random, FIELDS.length - 4);
    const columns = FIELDS.slice(start, start + 4);
    models.push({ name, columns });
    return sql.createTable(
      name,
      [...columns.map(typed), ...(parent === undefined ? [] : ['"parentId" TEXT NOT NULL'])],
      parent,
    );
  };
  const addColumns = () => {
    const { name, columns } = model();
    const free = FIELDS.filter((field) => !columns.includes(field));
    const start = below(random, free.length - 1);
    const added = free.slice(start, start + 1 + below(random, 2));
    columns.push(...added);
    return sql.addColumns(name, added.map(typed));
  };
  const addReference = () => {
    const { name, columns } = model();
    const parent = model().name;
    const column = `${parent.toLowerCase()}Id${++number}`;
    columns.push(column);
    const added = sql.addColumns(name, [`"${column}" TEXT`]);
    return `${added}\n\n${sql.addForeignKey(name, column, parent, 'SET NULL')}`;
  };
  const createIndex = (concurrently?: string) => {
    const { name, columns } = model();
    return sql.createIndex(name, oneOf(random, columns), ++number, concurrently);
  };
  const dropColumn = () => {
    const { name, columns } = model();
    return columns.length > 3 ? sql.dropColumn(name, columns.shift()!) : addColumns();
  };
  const onColumn = (write: (table: string, column: string) => string) => () => {
    const { name, columns } = model();
    return write(name, oneOf(random, columns));
  };
  /** How many of a hundred migrations do what; a lone CONCURRENTLY and BEGIN are as frequent as in 820 of real projects. */
  const kinds: [number, () => string][] = [
    [30, () => (models.length < TABLES.length ? createTable() : addColumns())],
    [26, addColumns],
    [8, addReference],
    [7, () => createIndex()],
    [9, () => createIndex('CONCURRENTLY ')],
    [3, () => sql.addEnum(model().name, `kind${++number}`)],
    [6, onColumn(sql.backfill)],
    [5, dropColumn],
    [6, onColumn(sql.requireColumn)],
  ];
  const deck = kinds.flatMap(([times, write]) => Array.from({ length: times }, () => write));
  yield Array.from({ length: FIRST_TABLES }, createTable).join('\n\n');
  for (;;) yield oneOf(random, deck)();
}

/** Writes a Prisma project with so many migrations into a folder, the same on every machine; the files in their order. */
export function writePrismaProject(folder: string, count: number): string[] {
  const migrations = join(folder, 'prisma', 'migrations');
  mkdirSync(migrations, { recursive: true });
  writeFileSync(join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  const texts = history(randomFrom(1));
  return Array.from({ length: count }, (_none, at) => {
    const place = join(migrations, `${20_210_104_000_000 + at}_change`);
    mkdirSync(place);
    const file = join(place, 'migration.sql');
    writeFileSync(file, `${texts.next().value}\n`);
    return file;
  });
}

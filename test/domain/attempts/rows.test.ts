import { inOrder } from '../../../src/domain/attempts/rows/order';
import { insertInto } from '../../../src/domain/attempts/rows/plan';
import type { ColumnShape, TableShape, TypeShape } from '../../../src/domain/attempts/rows/shape';
import { candidates, valueFor } from '../../../src/domain/attempts/rows/values';

const type = (name: string, more: Partial<TypeShape> = {}): TypeShape => ({
  name,
  sql: name,
  modifiers: [],
  kind: 'base',
  ...more,
});
const column = (name: string, more: Partial<ColumnShape> = {}): ColumnShape => ({
  name,
  type: type('int4'),
  nullable: false,
  numbered: false,
  generated: false,
  ...more,
});
const table = (name: string, more: Partial<TableShape> = {}): TableShape => ({
  name: `public.${name}`,
  columns: [column('id')],
  keys: [['id']],
  checks: [],
  references: [],
  ...more,
});
const to = (other: string, name: string) => ({
  name: `to_${other}`,
  columns: [name],
  table: `public.${other}`,
  referenced: ['id'],
});
const names = (tables: readonly TableShape[]) =>
  inOrder(tables).map((group) => group.map(({ name }) => name.replace('public.', '')).join('+'));

describe('the order in which tables are filled', () => {
  const orders = (nullable: boolean) =>
    table('orders', {
      columns: [column('id'), column('customer', { nullable })],
      references: [to('customers', 'customer')],
    });
  const customers = (nullable: boolean) =>
    table('customers', {
      columns: [column('id'), column('last_order', { nullable })],
      references: [to('orders', 'last_order')],
    });

  it.each([
    ['a table after those that it refers to', [orders(false), table('customers')], ['customers', 'orders']],
    [
      'of a cycle first the one whose reference may wait',
      [orders(false), customers(true)],
      ['customers', 'orders'],
    ],
    ['a cycle in which none may wait as one', [orders(false), customers(false)], ['customers+orders']],
    ['a table that refers to what there is no table of', [orders(false)], ['orders']],
  ])('is %s', (_, tables, expected) => {
    expect(names(tables).map((one) => one.split('+').sort().join('+'))).toEqual(expected);
  });

  it('writes a cycle in which none may wait by one statement', () => {
    const [group] = inOrder([orders(false), customers(false)]);
    const made = insertInto(group!, { count: 4, present: new Map() });
    expect(made).toMatchObject({
      sql: expect.stringMatching(/^WITH w0 AS \(INSERT .* w1 AS \(INSERT .* SELECT 1$/),
    });
  });

  it('says which table has no row to refer to', () => {
    expect(insertInto([orders(false)], { count: 4, present: new Map() })).toEqual({
      why: 'public.customers, which it refers to, has no row',
    });
  });
});

describe('the rows of a table', () => {
  const sqlOf = (own: TableShape, more = {}) => {
    const made = insertInto([own], { count: 4, present: new Map(), ...more });
    return 'sql' in made ? made.sql : made.why;
  };

  it.each([
    ['come twice where no key forbids it', table('t', { columns: [column('n')], keys: [] }), '((i + 1) / 2)'],
    ['differ where one does', table('t', { columns: [column('n')], keys: [['n']] }), '(i)::int4'],
    [
      'have no value in the last where they need none',
      table('t', { columns: [column('n', { nullable: true })], keys: [] }),
      'CASE WHEN i = 4 THEN NULL',
    ],
    [
      'leave out what a sequence or PostgreSQL itself fills',
      table('t', {
        columns: [column('id', { numbered: true }), column('sum', { generated: true }), column('n')],
      }),
      'INSERT INTO "public"."t" ("n")',
    ],
    [
      'are as many as an enum has labels where each must differ',
      table('t', {
        columns: [column('n', { type: type('mood', { kind: 'enum', labels: ['a', 'b'] }) })],
        keys: [['n']],
      }),
      'generate_series(1, 2)',
    ],
    [
      'are none of a type that nothing is known of, which is said',
      table('t', { columns: [column('n', { type: type('geometry') })] }),
      'no value of the type geometry is known, which n needs',
    ],
  ])('%s', (_, own, part) => expect(sqlOf(own)).toContain(part));

  it('have the shares of a survey', () => {
    const sizes = { rows: 1000, columns: { n: { nullFraction: 0.25, width: 4, distinct: 3 } } };
    const sql = sqlOf(table('t', { columns: [column('n', { nullable: true })], keys: [] }), {
      count: 1000,
      sizes,
    });
    expect(sql).toContain('i % 1000 < 250');
    expect(sql).toContain('(1 + (i - 1) % 3)');
  });
});

describe('values', () => {
  it('of a domain, an array and a range are those of what they stand on', () => {
    const int = type('int4', { sql: 'integer' });
    expect(valueFor(type('d', { kind: 'domain', of: int }), 'i')).toBe('((i)::integer)::d');
    expect(valueFor(type('_int4', { sql: 'integer[]', kind: 'array', of: int }), 'i')).toContain('ARRAY[');
    expect(valueFor(type('int4range', { kind: 'range', of: int }), 'i')).toContain('2 * (i)');
  });

  it('that may satisfy a condition are those that it names, and those beside them', () => {
    const text = type('text');
    expect(candidates(text, ["state = ANY (ARRAY['new'::text, 'paid'::text])"], 'i').join()).toContain(
      "'new'",
    );
    expect(candidates(type('int4'), ['amount > 100'], 'i')).toContain('(101)::int4');
  });
});

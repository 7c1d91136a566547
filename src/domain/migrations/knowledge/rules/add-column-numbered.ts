import type { AlterTableCmd } from 'libpg-query';
import { asColumn, inline, isSerial, typeOf } from '../../syntax';
import { bare, own, rule } from '../rule';

export const addColumnNumbered = rule<AlterTableCmd>({
  id: 'add-column-numbered',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN of a serial type or AS IDENTITY',
  matches: ({ node }) => {
    const column = asColumn(node.def);
    return isSerial(typeOf(column?.typeName)) || inline(column, 'CONSTR_IDENTITY').length > 0;
  },
  effect: { locks: own('ACCESS EXCLUSIVE'), rewrite: true, scan: true },
  says: ({ name, relation }) => `numbering every row of ${relation} in ${name}`,
  remedy: ({ relation, name }) =>
    `ALTER TABLE ${relation} ADD COLUMN ${name} bigint; CREATE SEQUENCE ${bare(relation)}_${name}_seq OWNED BY ${relation}.${name}; ALTER TABLE ${relation} ALTER COLUMN ${name} SET DEFAULT nextval('${bare(relation)}_${name}_seq'); GRANT USAGE ON SEQUENCE ${bare(relation)}_${name}_seq TO the application's role; then number the old rows in batches`,
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN number bigserial' },
  safe: {
    sql: "ALTER TABLE items ADD COLUMN number bigint; CREATE SEQUENCE items_number_seq OWNED BY items.number; ALTER TABLE items ALTER COLUMN number SET DEFAULT nextval('items_number_seq'); GRANT USAGE ON SEQUENCE items_number_seq TO app",
  },
});

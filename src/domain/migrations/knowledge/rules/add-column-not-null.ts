import type { AlterTableCmd } from 'libpg-query';
import { asColumn, inline, isNull, isSerial, typeOf } from '../../syntax';
import { domainOf } from '../columns';
import { own, rule } from '../rule';
import { addsColumn, typeText } from '../wording';

export const addColumnNotNull = rule<AlterTableCmd>({
  id: 'add-column-not-null',
  on: ['AT_AddColumn'],
  condition: 'ADD COLUMN … NOT NULL without a default',
  matches: (s) => {
    const column = asColumn(s.node.def);
    const filled = inline(column, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED').some(
      ({ contype, raw_expr }) => contype !== 'CONSTR_DEFAULT' || !isNull(raw_expr),
    );
    return (
      inline(column, 'CONSTR_NOTNULL', 'CONSTR_PRIMARY').length > 0 &&
      domainOf(s)?.default === undefined &&
      !filled &&
      !isSerial(typeOf(column?.typeName))
    );
  },
  effect: { locks: own('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ name, relation }) => `adding ${name} to ${relation} as NOT NULL without a default`,
  because: ({ name }) => `its inserts leave ${name} out, and where there are rows the statement itself fails`,
  remedy: ({ relation, name, node }) => [
    addsColumn(relation, name, `${typeText(asColumn(node.def)?.typeName)} NOT NULL DEFAULT <…>`),
    'Or let it be NULL, fill it in batches, and set NOT NULL behind a validated CHECK.',
  ],
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN weight int NOT NULL' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN weight int NOT NULL DEFAULT 0' },
});

import type { AlterTableCmd } from 'libpg-query';
import { isFixedWidth } from '../columns';
import { noLocks, rule, type Subject } from '../rule';

const WHOLE = /^int[248]$/;
const SYSTEM = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

type Judge = (subject: Subject<AlterTableCmd>) => string | false | undefined;

const known = ({ table, name }: Subject) => table?.columns.find((column) => column.name === name);

const isFixed: Judge = (s) =>
  isFixedWidth(known(s)?.type.name ?? '') && 'whose values have a fixed width and are kept as they are';

/** Why a column cannot be as it is told to be, by the part of ALTER TABLE. Source: tablecmds.c. */
const UNFIT: Record<string, Judge> = {
  AT_AddColumn: ({ name }) => SYSTEM.has(name) && 'which is the name of a column that every table has',
  AT_DropNotNull: (s) =>
    known(s)?.identity
      ? 'which is numbered'
      : s.table?.constraints.some(({ kind, columns }) => kind === 'primary' && columns.includes(s.name)) &&
        !s.parts?.some(({ subtype }) => subtype === 'AT_DropConstraint') &&
        'which is in the primary key',
  AT_AddIdentity(s) {
    const column = known(s);
    if (!column) return undefined;
    if (!column.type.name.includes('.') && !WHOLE.test(column.type.name)) return 'which is no whole number';
    if (column.nullable && !s.parts?.some(({ subtype }) => subtype === 'AT_SetNotNull'))
      return 'which may be NULL';
    const defaults = (s.parts ?? []).filter(
      ({ subtype, name }) => subtype === 'AT_ColumnDefault' && name === s.name,
    );
    const isDropped = defaults.length > 0 && defaults.every(({ def }) => def === undefined);
    return (column.hasDefault && !isDropped) || defaults.some(({ def }) => def !== undefined)
      ? 'which has a default'
      : undefined;
  },
  AT_SetStorage: ({ node, ...s }) => !isPlain(node) && isFixed({ ...s, node }),
  AT_SetCompression: isFixed,
  AT_DropExpression: (s) => known(s) && !known(s)?.generated && !s.node.missing_ok && 'which is not computed',
};

const isPlain = ({ def }: AlterTableCmd): boolean =>
  def !== undefined && 'String' in def && /^(?:plain|default)$/i.test(def.String.sval ?? '');

const unfit = (subject: Subject<AlterTableCmd>) => UNFIT[subject.form]?.(subject) || undefined;

export const columnUnfit = rule<AlterTableCmd>({
  id: 'column-unfit',
  on: Object.keys(UNFIT),
  condition:
    'DROP NOT NULL of a key or a numbered column, ADD GENERATED AS IDENTITY of one that may be NULL, has a default or is no whole number, STORAGE or COMPRESSION of a fixed width, DROP EXPRESSION of what is not computed, a name that every table has',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `changing ${s.name} of ${s.relation}, ${unfit(s)},`,
  remedy: () => ['Leave this part out, or first change what stands against it.'],
  unsafe: { sql: 'ALTER TABLE items ALTER COLUMN id DROP NOT NULL' },
  safe: { sql: 'ALTER TABLE customers ALTER COLUMN email DROP NOT NULL' },
});

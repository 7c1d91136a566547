import type { AlterTableCmd, ColumnDef, CompositeTypeStmt, CreateDomainStmt, CreateStmt } from 'libpg-query';
import { asColumn, typeOf } from '../../syntax';
import { isFixedWidth } from '../columns';
import { noLocks, rule, type Subject } from '../rule';

/** Types that take nothing in parentheses. Source: pg_type, typmodin = 0. */
const PLAIN =
  /^(?:text|int[248]|float[48]|bool|uuid|jsonb?|xml|bytea|date|inet|cidr|macaddr8?|money|name|oid)$/;
const COLLATED = /^(?:text|varchar|bpchar|name|citext)$|\./;

type Range = readonly [low: number, high: number];
const LENGTHS: Record<string, Range> = {
  varchar: [1, 10_485_760],
  bpchar: [1, 10_485_760],
  bit: [1, 83_886_080],
  varbit: [1, 83_886_080],
};
const DIGITS: readonly Range[] = [
  [1, 1000],
  [-1000, 1000],
];

const METHODS = /^(?:pglz|lz4|default)$/i;

/** Why a type cannot be written so. Source: anybit_typmodin, anychar_typmodin, numerictypmodin. */
function ofType({ typeName, collClause, compression }: ColumnDef): string | undefined {
  const { name: written, modifiers } = typeOf(typeName);
  const name = written.replace(/^_/, '');
  const ranges = name === 'numeric' ? DIGITS : LENGTHS[name] ? [LENGTHS[name]] : undefined;
  const text = `${name}(${modifiers.join(', ')})`;
  if (modifiers.length > 0 && PLAIN.test(name)) return `${text}, and ${name} takes nothing in parentheses`;
  if (ranges && modifiers.length > ranges.length)
    return `${text}, with more in parentheses than ${name} takes`;
  const wrong = ranges && modifiers.find((one, i) => one < ranges[i]![0] || one > ranges[i]![1]);
  if (wrong !== undefined) return `${text}, and ${wrong} is not within what ${name} takes`;
  if (collClause && PLAIN.test(name) && !COLLATED.test(name))
    return `${name} COLLATE …, and ${name} has no order of letters`;
  if (compression && !METHODS.test(compression))
    return `${name} COMPRESSION ${compression}, which there is not`;
  return compression && !/^default$/i.test(compression) && isFixedWidth(written)
    ? `${name} COMPRESSION ${compression}, whose values have a fixed width and are kept as they are`
    : undefined;
}

function columnsOf({ form, node }: Subject): ColumnDef[] {
  if (form === 'CreateDomainStmt') {
    const { typeName, collClause } = node as CreateDomainStmt;
    return [{ typeName, collClause }];
  }
  const { def } = node as AlterTableCmd;
  const { tableElts } = node as CreateStmt;
  const { coldeflist } = node as CompositeTypeStmt;
  return [...(tableElts ?? coldeflist ?? []), ...(def ? [def] : [])].flatMap((one) => asColumn(one) ?? []);
}

/** What is set of a column beside its type. */
function ofColumn({ form, node }: Subject): string | undefined {
  const { def } = node as AlterTableCmd;
  if (form === 'AT_SetCompression' && def && 'String' in def && !METHODS.test(def.String.sval ?? ''))
    return `COMPRESSION ${def.String.sval}, which there is not`;
  const target = form === 'AT_SetStatistics' && def && 'Integer' in def ? (def.Integer.ival ?? 0) : 0;
  return target < -1 ? `STATISTICS ${target}, and they are counted from 0 on` : undefined;
}

function unfit(subject: Subject): string | undefined {
  for (const column of columnsOf(subject)) {
    const wrong = ofType(column);
    if (wrong !== undefined) return wrong;
  }
  return ofColumn(subject);
}

export const typeUnfit = rule({
  id: 'type-unfit',
  on: [
    'AT_AddColumn',
    'AT_AlterColumnType',
    'AT_SetCompression',
    'AT_SetStatistics',
    'CreateStmt',
    'CreateDomainStmt',
    'CompositeTypeStmt',
  ],
  condition:
    'a length, digits, a collation, a compression or a statistics target that the type does not take: varchar(0), text(5), int COLLATE "C"',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `writing ${unfit(s)},`,
  remedy: () => ['Look at the page of the type, and write what it takes.'],
  unsafe: { sql: 'ALTER TABLE items ADD COLUMN code varchar(0)' },
  safe: { sql: 'ALTER TABLE items ADD COLUMN code varchar(10)' },
});

import type { ColumnDef, Constraint as ConstraintNode, Node, TypeName } from 'libpg-query';
import type { ColumnType } from './catalog';

/** Text of a list of String nodes, as names in trees are. */
export const texts = (nodes: Node[] | undefined): string[] =>
  (nodes ?? []).flatMap((node) => ('String' in node ? (node.String.sval ?? '') : []));

/** The last one or two parts of a name as the parser gives names of relations. */
export const named = (parts: string[]) => ({ schemaname: parts.at(-2), relname: parts.at(-1) });

/** The name of an object of a DROP, ALTER or COMMENT, whatever it is. */
export function nameParts(object: Node | undefined): string[] {
  if (!object) return [];
  if ('List' in object) return texts(object.List.items);
  if ('TypeName' in object) return texts(object.TypeName.names);
  if ('ObjectWithArgs' in object) return texts(object.ObjectWithArgs.objname);
  return texts([object]);
}

/** Number in a constant; the parser leaves a zero out. */
function integer(node: Node): number[] {
  if (!('A_Const' in node)) return [];
  const { ival } = node.A_Const as { ival?: { ival?: number } };
  return ival ? [ival.ival ?? 0] : [];
}

/** Text in a constant, also in one with a cast. */
export function textOf(node: Node | undefined): string | undefined {
  if (node && 'TypeCast' in node) return textOf(node.TypeCast.arg);
  return node && 'A_Const' in node ? (node.A_Const as { sval?: { sval?: string } }).sval?.sval : undefined;
}

/** Parts of a name as a text has it: 'shop."Parcel"'. */
export const partsOfName = (text: string): string[] =>
  (text.match(/"(?:[^"]|"")*"|[^.]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  );

/** Which fields an interval keeps, by the parser's mask; one of all fields has another. Source: datetime.h, INTERVAL_MASK. */
const FIELDS: Record<number, string> = {
  2: 'month',
  4: 'year',
  6: 'year to month',
  8: 'day',
  1024: 'hour',
  1032: 'day to hour',
  2048: 'minute',
  3072: 'hour to minute',
  3080: 'day to minute',
  4096: 'second',
  6144: 'minute to second',
  7168: 'hour to second',
  7176: 'day to second',
};

/** A type as written. Names of a schema of the user's come as schema.name. */
export function typeOf(type: TypeName | undefined): ColumnType {
  const parts = texts(type?.names).filter((part) => part !== 'pg_catalog');
  const name = `${type?.arrayBounds?.length ? '_' : ''}${parts.join('.')}`;
  // char without a length is char(1)
  const modifiers = (type?.typmods ?? []).flatMap(integer);
  if (name !== 'interval' || modifiers.length === 0) return { name, modifiers };
  // of an interval the first one says which fields it has
  const [fields, ...rest] = modifiers;
  const only = FIELDS[fields!];
  return { name: only ? `interval ${only}` : name, modifiers: rest };
}

/** Constraints written behind a column's type, of the given kinds. */
export const inline = (column: ColumnDef | undefined, ...kinds: string[]): ConstraintNode[] =>
  (column?.constraints ?? []).flatMap((node) =>
    'Constraint' in node && kinds.includes(node.Constraint.contype ?? '') ? node.Constraint : [],
  );

export const asColumn = (node: Node | undefined): ColumnDef | undefined =>
  node && 'ColumnDef' in node ? node.ColumnDef : undefined;

export const asConstraint = (node: Node | undefined): ConstraintNode | undefined =>
  node && 'Constraint' in node ? node.Constraint : undefined;

/** Names of the options in a list such as (FULL, ANALYZE), those left out that are said to be off. */
export const options = (nodes: Node[] | undefined): string[] =>
  (nodes ?? []).flatMap((node) =>
    'DefElem' in node && !isOff(node.DefElem.arg) ? (node.DefElem.defname ?? '') : [],
  );

function isOff(value: Node | undefined): boolean {
  if (value === undefined) return false;
  if ('Integer' in value) return (value.Integer.ival ?? 0) === 0;
  if ('Boolean' in value) return value.Boolean.boolval !== true;
  return 'String' in value && /^(false|off|no|0)$/i.test(value.String.sval ?? '');
}

/** Whether any node of a tree satisfies the predicate; it is asked with the node's name and content. */
export function some(
  tree: unknown,
  predicate: (tag: string, node: Record<string, unknown>) => boolean,
): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  return Object.entries(tree).some(
    ([tag, child]) =>
      (typeof child === 'object' && child !== null && predicate(tag, child as Record<string, unknown>)) ||
      some(child, predicate),
  );
}

const SERIAL = new Set(['serial', 'bigserial', 'smallserial', 'serial4', 'serial8', 'serial2']);

/** serial, bigserial, smallserial: a sequence's next value for every row. */
export const isSerial = (type: ColumnType): boolean => SERIAL.has(type.name);

/** Names of the columns that an expression reads. */
export function columnsIn(tree: unknown): string[] {
  const found = new Set<string>();
  some(tree, (tag, node) => {
    const last = tag === 'ColumnRef' ? texts(node.fields as Node[]).at(-1) : undefined;
    if (last !== undefined) found.add(last);
    return false;
  });
  return [...found];
}

/** NULL, as a default that says nothing. */
export function isNull(node: Node | undefined): boolean {
  if (node && 'TypeCast' in node) return isNull(node.TypeCast.arg);
  return node !== undefined && 'A_Const' in node && (node.A_Const as { isnull?: boolean }).isnull === true;
}

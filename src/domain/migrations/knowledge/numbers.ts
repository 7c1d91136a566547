import type { AlterSeqStmt, AlterTableCmd, AlterTableStmt, Node, SelectStmt } from 'libpg-query';
import { type Catalog, resolve, type Sequence } from '../catalog';
import { named, partsOfName, some, textOf, texts } from '../syntax';
import type { Subject } from './rule';

/** setval('name', …) in a SELECT. */
interface Set {
  sequence: string;
  /** Undefined where it is computed, as from the rows that there are. */
  value?: number;
}

const integer = (node: Node | undefined): number | undefined => {
  if (node && 'Integer' in node) return node.Integer.ival ?? 0;
  if (node && 'Float' in node) return Number(node.Float.fval);
  if (!node || !('A_Const' in node)) return undefined;
  const { ival } = node.A_Const as { ival?: { ival?: number } };
  return ival ? (ival.ival ?? 0) : undefined;
};

function setIn(catalog: Catalog, node: SelectStmt): Set | undefined {
  let found: Set | undefined;
  some({ targetList: node.targetList }, (tag, call) => {
    if (tag !== 'FuncCall' || texts(call.funcname as Node[]).at(-1) !== 'setval') return false;
    const [name, value] = (call.args ?? []) as Node[];
    const text = textOf(name);
    found = {
      sequence:
        text === undefined ? 'a sequence' : resolve(catalog, named(partsOfName(text)), catalog.sequences),
      value: integer(value),
    };
    return true;
  });
  return found;
}

const restart = (options: Node[] | undefined) =>
  (options ?? []).flatMap((node) =>
    'DefElem' in node && node.DefElem.defname === 'restart' ? node.DefElem : [],
  )[0];

const partsOf = ({ form, node }: Subject): Node[] | undefined => {
  if (form === 'AlterSeqStmt') return (node as AlterSeqStmt).options;
  const { def } = node as AlterTableCmd;
  return def && 'List' in def ? def.List.items : undefined;
};

/** The sequence that a statement is about, as schema.name. */
export function numbersOf(subject: Subject): string {
  const { form, node, relation, name, catalog } = subject;
  if (form === 'SelectStmt') return setIn(catalog, node as SelectStmt)?.sequence ?? '';
  if (form !== 'AT_SetIdentity') return relation;
  const own = [...catalog.sequences].find(
    ([, { owner }]) => owner?.table === relation && owner.column === name,
  );
  return own?.[0] ?? `${relation}.${name}`;
}

/** The number it starts at; undefined where it is its first one. */
export const startOf = (subject: Subject): number | undefined =>
  subject.form === 'SelectStmt'
    ? setIn(subject.catalog, subject.node as SelectStmt)?.value
    : integer(restart(partsOf(subject))?.arg);

/** Whether numbers may come twice: unless it goes on behind the last one, or somebody computed where it goes on. */
export function givesOutAgain(subject: Subject): boolean {
  const { form, catalog, node } = subject;
  const isSet = form === 'SelectStmt';
  if (
    isSet ? setIn(catalog, node as SelectStmt)?.value === undefined : restart(partsOf(subject)) === undefined
  )
    return false;
  const known: (Sequence & { created?: boolean }) | undefined = catalog.sequences.get(numbersOf(subject));
  if (known?.created) return false;
  // what nobody makes a key of may begin again
  if (known && !known.owner && known.usedBy.length === 0) return false;
  if (catalog.live && known && known.last === undefined && !known.unread) return false;
  const start = startOf(subject);
  return known?.last === undefined || start === undefined || start <= known.last - (isSet ? 1 : 0);
}

const HIGHEST: Record<string, number> = { int2: 2 ** 15 - 1, int4: 2 ** 31 - 1 };

/** The highest number that a sequence is to have, by MAXVALUE or its type; undefined where that stays. */
function highest(options: Node[] = []): number | undefined {
  const of = (defname: string) =>
    options.flatMap((node) =>
      'DefElem' in node && node.DefElem.defname === defname ? (node.DefElem.arg ?? []) : [],
    )[0];
  const type = of('as');
  return (
    integer(of('maxvalue')) ??
    (type && 'TypeName' in type ? HIGHEST[texts(type.TypeName.names).at(-1) ?? ''] : undefined)
  );
}

/** MAXVALUE, or a narrower type, below the number that was given out last. */
export function endsBefore(subject: Subject): boolean {
  if (subject.form === 'SelectStmt' || startOf(subject) !== undefined) return false;
  const { last } = subject.catalog.sequences.get(numbersOf(subject)) ?? {};
  const end = highest(partsOf(subject));
  return last !== undefined && end !== undefined && end < last;
}

/** ALTER SEQUENCE … OWNER TO or SET SCHEMA of one that belongs to a column, whose table decides both. */
export function movesOwned({ form, node, catalog, relation, name }: Subject): boolean {
  const moves =
    form === 'AlterObjectSchemaStmt:OBJECT_SEQUENCE' ||
    ((node as AlterTableStmt).cmds ?? []).some(
      (part) => 'AlterTableCmd' in part && part.AlterTableCmd.subtype === 'AT_ChangeOwner',
    );
  const key = form === 'AlterObjectSchemaStmt:OBJECT_SEQUENCE' ? name : relation;
  return moves && catalog.sequences.get(key)?.owner !== undefined;
}

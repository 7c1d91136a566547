import type { AlterTableCmd, CreateStmt, Node, PartitionBoundSpec } from 'libpg-query';
import { type Catalog, resolve, type Table } from '../catalog';
import { parse } from '../parse';
import { constant, isOpen, order, type Value } from './bounds';
import type { Subject } from './rule';

/** What a partition's FOR VALUES says, and of which table the partition is. */
interface Coming {
  parent: string;
  /** Empty for one that is made. */
  child: string;
  bound: PartitionBoundSpec;
}

function comingIn({ form, node, catalog, relation }: Subject): Coming | undefined {
  if (form === 'CreateStmt') {
    const { inhRelations: [parent] = [], partbound } = node as CreateStmt;
    return partbound && parent && 'RangeVar' in parent
      ? { parent: resolve(catalog, parent.RangeVar, catalog.tables), child: '', bound: partbound }
      : undefined;
  }
  const { def } = node as AlterTableCmd;
  if (!def || !('PartitionCmd' in def) || !def.PartitionCmd.bound) return undefined;
  const child = resolve(catalog, def.PartitionCmd.name ?? {}, catalog.tables);
  return { parent: relation, child, bound: def.PartitionCmd.bound };
}

/** A bound as the catalog has it, as a tree. */
function treeOf(bound: Table['bound']): PartitionBoundSpec | undefined {
  if (typeof bound !== 'string') return bound;
  const node = parse(`CREATE TABLE a PARTITION OF b ${bound}`).statements[0]?.node as CreateStmt | undefined;
  return node?.partbound;
}

type End = Value | 'least' | 'most' | undefined;

const NUMBERS = /^(?:int[248]|numeric|float[48])$/;

/** Constants as values of the columns of the key, as far as they can be told. */
function endsOf(parent: Table, nodes: Node[] | undefined): End[] {
  return (nodes ?? []).map((node, i) => {
    if (isOpen(node)) return JSON.stringify(node).includes('minvalue') ? 'least' : 'most';
    const value = constant(node);
    const type = parent.columns.find(({ name }) => name === parent.partitionKey?.[i])?.type.name ?? '';
    if (value === undefined) return undefined;
    return NUMBERS.test(type)
      ? Number(value)
      : String(value).replace(/(:\d\d(?:\.\d+)?)[+-]\d\d(?::\d\d)?$/, '$1');
  });
}

/** Smaller than zero where the first comes before the second; undefined where nobody can say. */
function compare(left: readonly End[], right: readonly End[]): number | undefined {
  for (const [i, one] of left.entries()) {
    const other = right[i];
    if (one === 'least' || other === 'most') return one === other ? 0 : -1;
    if (one === 'most' || other === 'least') return one === other ? 0 : 1;
    if (one === undefined || other === undefined) return undefined;
    const by = order(one, other);
    if (by !== 0) return by;
  }
  return 0;
}

const isLess = (left: readonly End[], right: readonly End[]) => (compare(left, right) ?? 0) < 0;

/** Values of a list as texts of one kind; undefined where one is computed. */
function listOf(parent: Table, { listdatums = [] }: PartitionBoundSpec): string[] | undefined {
  const values = listdatums.map((node) =>
    'A_Const' in node && 'isnull' in node.A_Const ? 'NULL' : endsOf(parent, [node])[0],
  );
  return values.some((value) => value === undefined) ? undefined : values.map(String);
}

function overlaps(parent: Table, left: PartitionBoundSpec, right: PartitionBoundSpec): boolean {
  if (left.strategy === 'h') {
    const [one = 1, other = 1] = [left.modulus, right.modulus];
    const common = Math.min(one, other);
    return (left.remainder ?? 0) % common === (right.remainder ?? 0) % common;
  }
  if (left.strategy === 'l') {
    const own = listOf(parent, right);
    return listOf(parent, left)?.some((value) => own?.includes(value)) === true;
  }
  const ends = ({ lowerdatums, upperdatums }: PartitionBoundSpec) =>
    [endsOf(parent, lowerdatums), endsOf(parent, upperdatums)] as const;
  const [[from, to], [start, end]] = [ends(left), ends(right)];
  return isLess(from, end) && isLess(start, to);
}

const LETTERS = { range: 'r', list: 'l', hash: 'h' } as const;

/** What is wrong with the bound by itself. */
function wrong(parent: Table, bound: PartitionBoundSpec): string | undefined {
  const { strategy, partitionKey: key = [] } = parent;
  if (bound.is_default) return strategy === 'hash' ? 'a table by hash has no default partition' : undefined;
  if (strategy && bound.strategy !== LETTERS[strategy]) return `${parent.name} is partitioned by ${strategy}`;
  if (bound.strategy === 'h')
    return (bound.remainder ?? 0) >= (bound.modulus ?? 1)
      ? 'the remainder is not below the modulus'
      : undefined;
  if (bound.strategy !== 'r') return undefined;
  const [from, to] = [endsOf(parent, bound.lowerdatums), endsOf(parent, bound.upperdatums)];
  if (
    !parent.partitionExpression &&
    key.length > 0 &&
    (from.length !== key.length || to.length !== key.length)
  )
    return `its key has ${key.length} column${key.length === 1 ? '' : 's'}`;
  if ([...from, ...to].some((end) => Number.isNaN(end))) return 'a bound is no number';
  return (compare(from, to) ?? -1) >= 0 ? 'no value lies between the bounds' : undefined;
}

const fitsTogether = (left: number, right: number) => left % right === 0 || right % left === 0;

/** What is wrong with it beside the partitions that are there. */
function clash(catalog: Catalog, parent: Table, bound: PartitionBoundSpec): string | undefined {
  for (const part of catalog.tables.values()) {
    const own = part.partitionOf === parent.name ? treeOf(part.bound) : undefined;
    if (!own) continue;
    if (own.is_default || bound.is_default) {
      if (own.is_default && bound.is_default) return `${part.name} is the default partition`;
      continue;
    }
    if (own.strategy !== bound.strategy) continue;
    if (bound.strategy === 'h' && !fitsTogether(own.modulus ?? 1, bound.modulus ?? 1))
      return `its modulus is neither a factor nor a multiple of that of ${part.name}`;
    if (overlaps(parent, own, bound)) return `${part.name} has rows of these bounds`;
  }
  return undefined;
}

/** Why PostgreSQL takes no partition of such bounds, or of such a table; undefined where it does, or nobody can say. */
export function unfitPartition(subject: Subject): string | undefined {
  const { catalog } = subject;
  const coming = comingIn(subject);
  const parent = coming && catalog.tables.get(coming.parent);
  if (!coming || !parent || parent.unseen) return undefined;
  if (parent.kind !== 'partitioned') return `${parent.name} is not partitioned`;
  const child = catalog.tables.get(coming.child);
  if (child?.partitionOf) return `${child.name} is a partition already`;
  if (child?.inherits?.length) return `${child.name} inherits from ${child.inherits.join(' and ')}`;
  return wrong(parent, coming.bound) ?? clash(catalog, parent, coming.bound);
}

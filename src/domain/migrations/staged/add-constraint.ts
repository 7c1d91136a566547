import type { Constraint, IndexStmt, Node } from 'libpg-query';
import { resolve } from '../catalog';
import { ident, made, qualified } from '../names';
import { columnsIn, texts } from '../syntax';
import { buildIndex, buildInParts, freeName, nameIn, partsOf } from './build-index';
import { alter, slug } from './names';
import { notNullStages } from './not-null';
import { columnOf, type Stage, type StagedPlan, stage, type Target } from './stage';

const KEPT_BY_OLD = 'once no version that runs writes rows that break it';

/** A check or a foreign key: new rows are checked at once, the old ones later under a weak lock. */
export function checkedLater(target: Target, name: string, definition: string, release: number): Stage[] {
  const constraint = ident(name);
  const of = slug(name);
  const isForeign = /^FOREIGN KEY/i.test(definition);
  if (isForeign && target.known?.kind === 'partitioned' && (target.catalog?.major ?? 18) < 18)
    return partByPart(target, name, definition, release);
  return [
    stage({
      name: `add_${of}`,
      release,
      when: KEPT_BY_OLD,
      up: alter(target, `ADD CONSTRAINT ${constraint} ${definition} NOT VALID`),
      down: alter(target, `DROP CONSTRAINT ${constraint}`),
      why: 'new rows are checked from now on; the old ones are not read, so the lock is held for milliseconds',
      works: { old: false, new: true },
    }),
    stage({
      name: `validate_${of}`,
      release,
      when: 'after the step before, in a transaction of its own, which must not hold the strong lock of that step',
      up: alter(target, `VALIDATE CONSTRAINT ${constraint}`),
      down: '',
      why: 'reads the table while everybody goes on reading and writing; fails, changing nothing, while a row breaks it',
      works: { old: false, new: true },
    }),
  ];
}

/** Before 18 a foreign key of a partitioned table cannot be NOT VALID; one that all partitions have is not checked again. */
function partByPart(target: Target, name: string, definition: string, release: number): Stage[] {
  const parts = partsOf(target).filter(({ split }) => !split);
  const each = parts.flatMap(({ sql, name: own, table }) =>
    checkedLater({ ...target, sql, name: own, key: table.name, known: table }, name, definition, release).map(
      (one) => ({
        ...one,
        name: `${one.name}_of_${slug(own)}`,
      }),
    ),
  );
  const all = stage({
    name: `add_${slug(name)}`,
    release,
    when: 'after the steps before',
    up: alter(target, `ADD CONSTRAINT ${ident(name)} ${definition}`),
    down: [
      alter(target, `DROP CONSTRAINT ${ident(name)}`),
      ...parts.map(({ sql }) => `ALTER TABLE ${sql}\n  ADD CONSTRAINT ${ident(name)} ${definition};`),
    ].join('\n'),
    why: 'takes milliseconds: every partition has it, and no row is read',
    works: { old: false, new: true },
  });
  return [...each, all];
}

function timing({ deferrable, initdeferred }: Constraint): string {
  return `${deferrable ? ' DEFERRABLE' : ''}${initdeferred ? ' INITIALLY DEFERRED' : ''}`;
}

/** A unique constraint or primary key: its index is built while everybody writes, then given to it. */
export function keyStages(
  target: Target,
  node: Constraint,
  written: string,
  columns: string[],
  release: number,
): Stage[] {
  const primary = node.contype === 'CONSTR_PRIMARY';
  const including = texts(node.including);
  const suffix = primary ? ['pkey'] : [...columns, ...including, 'key'];
  const plain = node.conname ?? freeName(target, suffix);
  const name = ident(plain);
  const include = including.length > 0 ? ` INCLUDE (${including.map(ident).join(', ')})` : '';
  const nulls = node.nulls_not_distinct ? ' NULLS NOT DISTINCT' : '';
  const options = / WITH\s*\([^)]*\)/i.exec(written)?.[0] ?? '';
  const nullable = primary ? columns.filter((column) => columnOf(target, column)?.nullable !== false) : [];
  const of = slug(plain);
  const works = { old: false, new: true };
  const definition = `USING btree (${columns.map(ident).join(', ')})${include}${nulls}${options}`;
  const build = { name: plain, unique: true, definition, suffix };
  const placed = { release, when: `${KEPT_BY_OLD}; outside a transaction`, works };
  const forbidding = nullable.flatMap((column) => notNullStages(target, column, release, works));
  const kind = primary ? 'PRIMARY KEY' : 'UNIQUE';
  const own = `${kind}${nulls} (${columns.map(ident).join(', ')})${include}${options}${timing(node)}`;
  const index = qualified(target.schema, plain);
  if (target.known?.kind === 'partitioned') {
    const parts = partsOf(target).map((part) => ({ ...part, index: nameIn(target, part, suffix) }));
    const ofParent = (sql: string) => {
      const part = parts.find((one) => one.sql === sql);
      return part ? qualified(part.schema, part.index) : index;
    };
    const joined = parts.flatMap(({ sql, split, schema, index: mine, parent }) => [
      split
        ? `ALTER TABLE ONLY ${sql}\n  ADD CONSTRAINT ${ident(mine)} ${own};`
        : `ALTER TABLE ${sql}\n  ADD CONSTRAINT ${ident(mine)} ${kind} USING INDEX ${ident(mine)}${timing(node)};`,
      `ALTER INDEX ${ofParent(parent)} ATTACH PARTITION ${qualified(schema, mine)};`,
    ]);
    const again = parts
      .filter(({ split }) => !split)
      .map(({ sql, index: mine }) => `CREATE UNIQUE INDEX ${ident(mine)} ON ${sql} ${definition};`);
    return [
      ...forbidding,
      ...buildInParts(target, build, placed),
      stage({
        name: `add_${of}`,
        release,
        when: 'after the indexes of all partitions are there and valid',
        up: [`ALTER TABLE ONLY ${target.sql}\n  ADD CONSTRAINT ${name} ${own};`, ...joined].join('\n'),
        down: [alter(target, `DROP CONSTRAINT ${name}`), ...again].join('\n'),
        why: 'takes milliseconds: every partition has its index',
        works,
      }),
    ];
  }
  return [
    ...forbidding,
    ...buildIndex(target, build, placed),
    stage({
      name: `add_${of}`,
      release,
      when: 'after the index is there and valid',
      up: alter(target, `ADD CONSTRAINT ${name} ${kind} USING INDEX ${name}${timing(node)}`),
      // the index goes with its constraint, and must be there again for the step before to be taken back
      down: `${alter(target, `DROP CONSTRAINT ${name}`)}\nCREATE UNIQUE INDEX ${name} ON ${target.sql} ${definition};`,
      why: 'takes milliseconds: the index is there',
      works,
    }),
  ];
}

/** As PostgreSQL names a rule: with a number where another rule of the schema has the name. */
function freeRule({ catalog, key, name }: Target, columns: readonly string[], suffix: string): string {
  const schema = key.slice(0, key.indexOf('.') + 1);
  const others = [...(catalog?.tables.values() ?? [])]
    .filter((table) => table.name.startsWith(schema))
    .flatMap(({ constraints }) => constraints.map((one) => one.name));
  const numbered = (n: number): string => {
    const plain = made(name, ...columns, `${suffix}${n === 0 ? '' : n}`);
    return others.includes(plain) ? numbered(n + 1) : plain;
  };
  return numbered(0);
}

const SUFFIX: Record<string, string> = { CONSTR_CHECK: 'check', CONSTR_FOREIGN: 'fkey' };

/** The stages of a constraint as it was written; none for what cannot be added without reading the table. */
export function constraintStages(
  target: Target,
  node: Constraint,
  definition: string,
  column: string | undefined,
  release: number,
): Stage[] {
  const own = column === undefined ? [] : [column];
  const listed = texts(node.contype === 'CONSTR_FOREIGN' ? node.fk_attrs : node.keys);
  const columns = listed.length > 0 ? listed : own;
  if (node.contype === 'CONSTR_UNIQUE' || node.contype === 'CONSTR_PRIMARY') {
    return columns.length > 0 ? keyStages(target, node, definition, columns, release) : [];
  }
  const suffix = SUFFIX[node.contype ?? ''];
  if (suffix === undefined || node.skip_validation) return [];
  // a check is named after its column where it has one
  const checked = suffix === 'check' ? columnsIn(node.raw_expr) : columns;
  const of = suffix === 'check' && checked.length !== 1 ? [] : checked;
  return checkedLater(target, node.conname ?? freeRule(target, of, suffix), definition, release);
}

/** Before 18 the partitions of both could only be given keys of which each is several. */
function isBetweenPartitioned({ catalog, known }: Target, { pktable }: Constraint): boolean {
  if (!catalog || !pktable || known?.kind !== 'partitioned' || catalog.major >= 18) return false;
  return catalog.tables.get(resolve(catalog, pktable, catalog.tables))?.kind === 'partitioned';
}

export function addConstraint(target: Target, node: Constraint, definition: string): StagedPlan | undefined {
  if (isBetweenPartitioned(target, node)) return undefined;
  const stages = constraintStages(target, node, definition, undefined, 2);
  if (stages.length === 0) return undefined;
  const release = 1;
  const prepare = stage({
    name: `respect_${slug(target.name)}`,
    release,
    when: `with this release's application, which writes only rows that keep ${definition}`,
    up: '',
    down: '',
    why: 'the previous version may still write rows that break it',
  });
  return { change: `add ${definition} to ${target.name}`, stages: [prepare, ...stages], missing: [] };
}

/** What PostgreSQL calls a computed column. Source: FigureIndexColname in its parser. */
function calledBy(node: Node | undefined): string {
  if (node === undefined) return 'expr';
  if ('FuncCall' in node) return texts(node.FuncCall.funcname).at(-1) ?? 'expr';
  if ('ColumnRef' in node) return texts(node.ColumnRef.fields).at(-1) ?? 'expr';
  if ('CollateClause' in node) return calledBy(node.CollateClause.arg);
  if ('CoalesceExpr' in node) return 'coalesce';
  if ('TypeCast' in node) {
    const inner = calledBy(node.TypeCast.arg);
    return inner === 'expr' ? (texts(node.TypeCast.typeName?.names).at(-1) ?? 'expr') : inner;
  }
  return 'expr';
}

/** What PostgreSQL makes of an index's columns where it names it: those behind INCLUDE as well, none twice. */
function suffixOf({ indexParams = [], indexIncludingParams = [] }: IndexStmt): string[] {
  const names: string[] = [];
  for (const node of [...indexParams, ...indexIncludingParams]) {
    if (!('IndexElem' in node)) continue;
    const plain = node.IndexElem.name ?? calledBy(node.IndexElem.expr);
    let name = plain;
    for (let n = 1; names.includes(name); n++) name = `${plain}${n}`;
    names.push(name);
  }
  return [...names, 'idx'];
}

/** `definition` is the statement behind its table. */
export function createIndex(target: Target, node: IndexStmt, definition: string): StagedPlan | undefined {
  const { known } = target;
  if (node.concurrent || node.relation?.inh === false) return undefined;
  const suffix = suffixOf(node);
  const name = node.idxname ?? freeName(target, suffix);
  if (node.if_not_exists && known?.indexes.some((index) => index.name === name && index.valid))
    return undefined;
  const works = { old: node.unique !== true, new: true };
  return {
    change: `create index ${name}`,
    missing: [],
    stages: buildIndex(
      target,
      { name, unique: node.unique === true, definition, suffix },
      { release: 1, when: 'at any time, outside a transaction', works },
    ),
  };
}

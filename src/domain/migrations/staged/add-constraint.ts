import type { Constraint, IndexStmt } from 'libpg-query';
import { ident, made, qualified } from '../names';
import { texts } from '../syntax';
import { buildIndex, buildInParts, nameIn, partsOf } from './build-index';
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

/** What an index on these columns is called by itself. */
const keyName = (target: Target, columns: string[], primary: boolean) =>
  primary ? made(target.name, 'pkey') : made(target.name, ...columns, 'key');

function timing({ deferrable, initdeferred }: Constraint): string {
  return `${deferrable ? ' DEFERRABLE' : ''}${initdeferred ? ' INITIALLY DEFERRED' : ''}`;
}

/** A unique constraint or primary key: its index is built while everybody writes, then given to it. */
export function keyStages(target: Target, node: Constraint, columns: string[], release: number): Stage[] {
  const primary = node.contype === 'CONSTR_PRIMARY';
  const plain = node.conname ?? keyName(target, columns, primary);
  const name = ident(plain);
  const including = texts(node.including);
  const include = including.length > 0 ? ` INCLUDE (${including.map(ident).join(', ')})` : '';
  const nulls = node.nulls_not_distinct ? ' NULLS NOT DISTINCT' : '';
  const nullable = primary ? columns.filter((column) => columnOf(target, column)?.nullable !== false) : [];
  const of = slug(plain);
  const works = { old: false, new: true };
  const definition = `USING btree (${columns.map(ident).join(', ')})${include}${nulls}`;
  const suffix = primary ? ['pkey'] : [...columns, ...including, 'key'];
  const build = { name: plain, unique: true, definition, suffix };
  const placed = { release, when: `${KEPT_BY_OLD}; outside a transaction`, works };
  const forbidding = nullable.flatMap((column) => notNullStages(target, column, release, works));
  const kind = primary ? 'PRIMARY KEY' : 'UNIQUE';
  const own = `${kind} (${columns.map(ident).join(', ')})${include}${nulls}${timing(node)}`;
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
    return columns.length > 0 ? keyStages(target, node, columns, release) : [];
  }
  const suffix = SUFFIX[node.contype ?? ''];
  if (suffix === undefined || node.skip_validation) return [];
  return checkedLater(target, node.conname ?? made(target.name, ...columns, suffix), definition, release);
}

export function addConstraint(target: Target, node: Constraint, definition: string): StagedPlan | undefined {
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

/** What PostgreSQL makes of an index's columns where it names it: those behind INCLUDE as well. */
const suffixOf = ({ indexParams = [], indexIncludingParams = [] }: IndexStmt): string[] => [
  ...[...indexParams, ...indexIncludingParams].flatMap((node) =>
    'IndexElem' in node ? (node.IndexElem.indexcolname ?? node.IndexElem.name ?? 'expr') : [],
  ),
  'idx',
];

/** `definition` is the statement behind its table. */
export function createIndex(target: Target, node: IndexStmt, definition: string): StagedPlan | undefined {
  const { known } = target;
  if (node.concurrent || node.relation?.inh === false) return undefined;
  const suffix = suffixOf(node);
  const name = node.idxname ?? made(target.name, ...suffix);
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

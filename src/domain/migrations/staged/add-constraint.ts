import type { Constraint, IndexStmt } from 'libpg-query';
import { ident, made, qualified } from '../names';
import { texts } from '../syntax';
import { alter, slug } from './names';
import { notNullStages } from './not-null';
import { columnOf, type Stage, type StagedPlan, stage, type Target } from './stage';

const KEPT_BY_OLD = 'once no version that runs writes rows that break it';

/** A check or a foreign key: new rows are checked at once, the old ones later under a weak lock. */
export function checkedLater(target: Target, name: string, definition: string, release: number): Stage[] {
  const constraint = ident(name);
  const of = slug(name);
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
  const index = qualified(target.schema, plain);
  const including = texts(node.including);
  const include = including.length > 0 ? ` INCLUDE (${including.map(ident).join(', ')})` : '';
  const nulls = node.nulls_not_distinct ? ' NULLS NOT DISTINCT' : '';
  const nullable = primary ? columns.filter((column) => columnOf(target, column)?.nullable !== false) : [];
  const of = slug(plain);
  const works = { old: false, new: true };
  return [
    ...nullable.flatMap((column) => notNullStages(target, column, release, works)),
    stage({
      name: `build_${of}`,
      release,
      when: `${KEPT_BY_OLD}; outside a transaction`,
      up: `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${target.sql} (${columns.map(ident).join(', ')})${include}${nulls};`,
      down: `DROP INDEX CONCURRENTLY ${index};`,
      why: 'built while everybody writes; after a failure an invalid index is left, which has to be dropped first',
      transactional: false,
      works,
    }),
    stage({
      name: `add_${of}`,
      release,
      when: 'after the index is there and valid',
      up: alter(
        target,
        `ADD CONSTRAINT ${name} ${primary ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${name}${timing(node)}`,
      ),
      // the index goes with its constraint, and must be there again for the step before to be taken back
      down: `${alter(target, `DROP CONSTRAINT ${name}`)}\nCREATE UNIQUE INDEX ${name} ON ${target.sql} (${columns.map(ident).join(', ')})${include}${nulls};`,
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

/** As PostgreSQL names an index that has no name. */
function indexName({ name }: Target, { idxname, indexParams = [] }: IndexStmt): string {
  const columns = indexParams.flatMap((node) => ('IndexElem' in node ? (node.IndexElem.name ?? 'expr') : []));
  return idxname ?? made(name, ...columns, 'idx');
}

/** `rest` is the statement behind the word INDEX. */
export function createIndex(target: Target, node: IndexStmt, rest: string): StagedPlan | undefined {
  if (node.concurrent) return undefined;
  const name = indexName(target, node);
  return {
    change: `create index ${name}`,
    missing: [],
    stages: [
      stage({
        name: `build_${slug(name)}`,
        release: 1,
        when: 'at any time, outside a transaction',
        up: `CREATE ${node.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${node.idxname ? rest : `${ident(name)} ${rest}`};`,
        down: `DROP INDEX CONCURRENTLY ${qualified(target.schema, name)};`,
        why: 'built while everybody writes; after a failure an invalid index is left, which has to be dropped first',
        transactional: false,
        works: { old: node.unique !== true, new: true },
      }),
    ],
  };
}

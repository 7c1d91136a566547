import type { Constraint, Index } from '../catalog';
import { ident, made, qualified } from '../names';
import { checkedLater } from './add-constraint';
import { buildIndex, nameIn, type Placed, partsOf, sqlOf } from './build-index';
import { alter } from './names';
import { reworded } from './reworded';
import type { Stage, Target } from './stage';

/** Indexes, keys and rules on a column, as far as they can be made on the one that replaces it. */
export interface Standing {
  /** Make the same on the fresh column, under names of their own. */
  stages: Stage[];
  /** Takes what stands on the former column away and gives its names to the others. */
  handOver: string[];
  /** Names of what is handed over. */
  handled: string[];
  /** What is not, in words. */
  left: string[];
}

const KEYS: Record<string, string> = { primary: 'PRIMARY KEY', unique: 'UNIQUE' };

const later = (name: string) => made(name, 'new');

const onFresh = (sql: string, column: string, fresh: string) =>
  reworded(sql, (name) => (name === column ? ident(fresh) : undefined));

/** A foreign key's own columns and those that it refers to may have the same names. */
function foreignOn(
  definition: string,
  { own, referred }: { own?: [string, string]; referred?: [string, string] },
) {
  const at = definition.indexOf(' REFERENCES ');
  const [head, tail] = [definition.slice(0, at), definition.slice(at)];
  const open = tail.indexOf('(');
  return (
    (own ? onFresh(head, ...own) : head) +
    (referred && open >= 0 ? tail.slice(0, open) + onFresh(tail.slice(open), ...referred) : tail)
  );
}

/** Everything that stands on `column`, made on `fresh` as well. */
export function standing(target: Target, column: string, fresh: string, placed: Placed): Standing {
  const { known, catalog, schema } = target;
  const result: Standing = { stages: [], handOver: [], handled: [], left: [] };
  const constraints = known?.constraints ?? [];
  const isSplit = known?.kind === 'partitioned';
  const first: string[] = [];
  const last: string[] = [];

  function rule(on: Target, { name, validated }: Constraint, definition: string) {
    const wanted = definition.replace(/ NOT VALID$/, '');
    const [add, ...validate] = checkedLater(on, later(name), wanted, placed.release);
    for (const one of validated ? [add!, ...validate] : [add!])
      result.stages.push({ ...one, when: placed.when, works: { old: true, new: true } });
    first.push(alter(on, `DROP CONSTRAINT ${ident(name)}`));
    // the name of a check is its partitions' as well, that of a foreign key is not
    const renamed = definition.startsWith('FOREIGN KEY') ? [on, ...partsOf(on)] : [on];
    for (const { sql } of renamed)
      last.push(`ALTER TABLE ${sql} RENAME CONSTRAINT ${ident(later(name))} TO ${ident(name)};`);
    result.handled.push(name);
  }

  function referring(): void {
    for (const table of catalog?.tables.values() ?? []) {
      if (table.partitionOf !== undefined) continue;
      for (const one of table.constraints) {
        if (one.kind !== 'foreign' || one.references !== target.key) continue;
        const isOwn = table.name === target.key && one.columns.includes(column);
        const referred = one.referencedColumns ?? keyColumns(constraints);
        if (!referred.includes(column) || isOwn) continue;
        const on = { sql: sqlOf(table.name), name: table.name, key: table.name, catalog, known: table };
        if (one.definition === undefined) result.left.push(`foreign key ${one.name} of ${table.name}`);
        else {
          rule(on, one, foreignOn(one.definition, { referred: [column, fresh] }));
        }
      }
    }
  }

  function index({ name, unique, definition, valid }: Index): void {
    const constraint = constraints.find((one) => one.name === name && one.kind in KEYS);
    const excluded = constraints.some((one) => one.name === name && one.kind === 'exclude');
    const inParts = partsOf(target).map((part) => ({
      part,
      former: part.table.indexes.find((one) => one.definition === definition)?.name,
    }));
    const isUnknown = inParts.some(({ former }) => former === undefined);
    if (definition === undefined || excluded || !valid || isUnknown || (isSplit && constraint)) {
      result.left.push(`index ${name}`);
      return;
    }
    const suffix = [name, 'new'];
    const wanted = { name: later(name), unique, definition: onFresh(definition, column, fresh), suffix };
    result.stages.push(...buildIndex(target, wanted, placed));
    result.handled.push(name);
    if (constraint) {
      const timing = /(?: DEFERRABLE| INITIALLY DEFERRED)+$/.exec(constraint.definition ?? '')?.[0] ?? '';
      const key = `${KEYS[constraint.kind]} USING INDEX ${ident(later(name))}${timing}`;
      first.push(alter(target, `DROP CONSTRAINT ${ident(name)}`));
      last.push(alter(target, `ADD CONSTRAINT ${ident(name)} ${key}`));
      return;
    }
    first.push(`DROP INDEX ${qualified(schema, name)};`);
    const renamed = (from: string, to: string) => `ALTER INDEX ${from} RENAME TO ${ident(to)};`;
    last.push(
      renamed(qualified(schema, later(name)), name),
      ...inParts.map(({ part, former }) =>
        renamed(qualified(part.schema, nameIn(target, part, suffix)), former!),
      ),
    );
  }

  for (const one of known?.indexes ?? []) if (one.reads.includes(column)) index(one);
  for (const one of constraints) {
    if (!one.columns.includes(column) || (one.kind !== 'check' && one.kind !== 'foreign')) continue;
    if (one.definition === undefined)
      result.left.push(`${one.kind === 'check' ? 'check' : 'foreign key'} ${one.name}`);
    else if (one.kind === 'check') rule(target, one, onFresh(one.definition, column, fresh));
    else {
      const isSelf =
        one.references === target.key && (one.referencedColumns ?? keyColumns(constraints)).includes(column);
      rule(
        target,
        one,
        foreignOn(one.definition, {
          own: [column, fresh],
          ...(isSelf && { referred: [column, fresh] as [string, string] }),
        }),
      );
    }
  }
  referring();
  // foreign keys hang on keys: they go before these and come behind them
  result.handOver = [...first.reverse(), ...last];
  return result;
}

const keyColumns = (constraints: readonly Constraint[]) =>
  constraints.find(({ kind }) => kind === 'primary')?.columns ?? [];

/** The indexes of a column once more, on one that has its values for a while and takes them along when it goes. */
export function mirrored(
  target: Target,
  column: string,
  double: string,
  placed: Placed,
): { stages: Stage[]; names: string[]; again: string[] } {
  const { known } = target;
  const wanted = (known?.indexes ?? []).flatMap(({ name, unique, definition, reads, valid }) => {
    if (!reads.includes(column) || definition === undefined || !valid) return [];
    if (known?.constraints.some((one) => one.name === name && one.kind === 'exclude')) return [];
    return {
      name: later(name),
      unique,
      definition: onFresh(definition, column, double),
      suffix: [name, 'new'],
    };
  });
  const stages = wanted.flatMap((build) => buildIndex(target, build, placed));
  return {
    stages,
    names: wanted.map(({ name }) => name),
    again: stages.map(({ up }) => up.replace('INDEX CONCURRENTLY', 'INDEX')),
  };
}

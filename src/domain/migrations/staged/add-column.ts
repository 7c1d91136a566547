import type { ColumnDef, Constraint } from 'libpg-query';
import { ident } from '../names';
import { asConstraint } from '../syntax';
import { constraintStages } from './add-constraint';
import { sweep } from './batches';
import { alter, slug } from './names';
import { notNullStages } from './not-null';
import type { Source } from './source';
import { type Stage, type StagedPlan, stage, type Target } from './stage';

/** What is written behind the type, each with the text of its own. */
interface Clause {
  node: Constraint;
  text: string;
}

/** DEFERRABLE and its like are clauses to the parser, and belong to the one before them. */
function clausesOf(source: Source, { constraints = [] }: ColumnDef): Clause[] {
  const nodes = constraints.flatMap((node) => asConstraint(node) ?? []);
  const starts = nodes.flatMap(({ location }) => location ?? []);
  const clauses: Clause[] = [];
  for (const node of nodes) {
    const text = source.part(node.location ?? 0, starts);
    const before = clauses.at(-1);
    if (!before || !node.contype?.startsWith('CONSTR_ATTR_')) {
      clauses.push({ node, text });
      continue;
    }
    const deferred = node.contype === 'CONSTR_ATTR_DEFERRED';
    before.text += ` ${text}`;
    before.node = {
      ...before.node,
      ...((deferred || node.contype === 'CONSTR_ATTR_DEFERRABLE') && { deferrable: true }),
      ...(deferred && { initdeferred: true }),
    };
  }
  return clauses;
}

const KEYWORD = /^(?:CONSTRAINT\s+(?:"(?:[^"]|"")+"|\S+)\s+)?/i;

/** A constraint behind a column as one that stands alone. */
function alone({ node, text }: Clause, column: string): string {
  const bare = text.replace(KEYWORD, '');
  return node.contype === 'CONSTR_FOREIGN' ? `FOREIGN KEY (${ident(column)}) ${bare}` : bare;
}

const UNSUPPORTED = ['CONSTR_IDENTITY', 'CONSTR_GENERATED'];
const SERIAL = /^(small|big)?serial[248]?$/i;

export function addColumn(target: Target, definition: ColumnDef, source: Source): StagedPlan | undefined {
  const name = definition.colname ?? '';
  const c = ident(name);
  const of = slug(`${target.name}_${name}`);
  const clauses = clausesOf(source, definition);
  const starts = clauses.flatMap(({ node }) => node.location ?? []);
  const type = source.part(definition.typeName?.location ?? 0, starts);
  if (SERIAL.test(type) || clauses.some(({ node }) => UNSUPPORTED.includes(node.contype ?? '')))
    return undefined;
  const find = (kind: string) => clauses.find(({ node }) => node.contype === kind);
  const value = find('CONSTR_DEFAULT')
    ?.text.replace(KEYWORD, '')
    .replace(/^DEFAULT\s+/i, '');
  const required = find('CONSTR_NOTNULL') !== undefined;
  const kept = clauses.filter(
    ({ node }) => !['CONSTR_DEFAULT', 'CONSTR_NOTNULL'].includes(node.contype ?? ''),
  );
  const release = required && value === undefined ? 2 : 1;
  const stages: Stage[] = [
    stage({
      name: `add_${of}`,
      release: 1,
      when: 'first',
      up: [
        alter(target, `ADD COLUMN ${c} ${type}`),
        ...(value === undefined ? [] : [alter(target, `ALTER COLUMN ${c} SET DEFAULT ${value}`)]),
      ].join('\n'),
      down: alter(target, `DROP COLUMN ${c}`),
      why: 'without a value for the rows that are there nothing is rewritten; the previous version leaves it out of its inserts',
    }),
  ];
  if (value !== undefined || required) stages.push(fill(target, name, of, value));
  if (required) stages.push(...notNullStages(target, name, release, { old: value !== undefined, new: true }));
  for (const clause of kept) {
    const added = constraintStages(target, clause.node, alone(clause, name), name, release);
    // the previous version knows nothing of the column and cannot write what is forbidden
    stages.push(...added.map((one) => ({ ...one, works: { old: true, new: true } })));
  }
  const asks =
    required && value === undefined
      ? [
          `<value for ${name}> is what the rows that are there get. Put it in, or give the column a DEFAULT and plan again.`,
        ]
      : [];
  const change = `add column ${target.name}.${name}${required ? ' not null' : ''}`;
  return { change, stages, missing: [], ...(asks.length > 0 && { asks }) };
}

function fill(target: Target, name: string, of: string, value: string | undefined): Stage {
  const c = ident(name);
  const applied = value ?? `<value for ${name}>`;
  return stage({
    name: `backfill_${of}`,
    release: value === undefined ? 2 : 1,
    when:
      value === undefined
        ? `when every version that runs writes ${name}; outside a transaction`
        : 'after the default is set, outside a transaction',
    up: sweep(target, `${c} = ${applied}`, `${c} IS NULL`),
    down: '',
    why: 'the rows from before, in small transactions; may be run again at any time',
    transactional: false,
  });
}

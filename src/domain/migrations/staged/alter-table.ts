import type { AlterTableCmd, AlterTableStmt, Node } from 'libpg-query';
import { asColumn, asConstraint, isNull, texts, typeOf } from '../syntax';
import { addColumn } from './add-column';
import { addConstraint } from './add-constraint';
import { changeType } from './change-type';
import { dropColumn } from './drops';
import { slug } from './names';
import { setNotNull } from './not-null';
import type { Source } from './source';
import { columnOf, type Stage, type StagedPlan, stage, type Target } from './stage';

/** Parts of the same statement that say more of a column of which the type changes; by PostgreSQL they come behind it. */
interface Beside {
  /** Its new default in SQL, null for none; undefined where nothing is said. */
  default?: string | null;
  nullable?: true;
}

function besideType(parts: readonly AlterTableCmd[], texts: readonly string[], name: string): Beside {
  const beside: Beside = {};
  for (const [i, part] of parts.entries()) {
    if (part.name !== name) continue;
    if (part.subtype === 'AT_DropNotNull') beside.nullable = true;
    if (part.subtype !== 'AT_ColumnDefault') continue;
    const [, value] = /\bSET\s+DEFAULT\s+(.*)$/is.exec(texts[i] ?? '') ?? [];
    // one that is dropped is dropped first, wherever it stands
    beside.default = value ?? beside.default ?? null;
  }
  return beside;
}

/** Values stay what they are, in another type: the column itself and casts of it. */
function castsOnly(using: Node | undefined, column: string): boolean {
  if (using === undefined) return true;
  if ('TypeCast' in using) return castsOnly(using.TypeCast.arg, column);
  return 'ColumnRef' in using && texts(using.ColumnRef.fields).at(-1) === column;
}

function alterColumnType(
  target: Target,
  { name = '', def }: AlterTableCmd,
  source: Source,
  beside: Beside,
): StagedPlan | undefined {
  const at = asColumn(def)?.typeName?.location ?? 0;
  const [using, collate] = ['USING', 'COLLATE'].map((word) => source.find([word], at));
  const end = source.end(at);
  const within = (position: number | undefined) => position !== undefined && position < end;
  const stops = [using, collate].filter((stop) => stop !== undefined);
  return changeType(target, {
    column: name,
    type: source.part(at, stops),
    ...(within(collate) && { collation: ` ${source.part(collate!, stops)}` }),
    to: typeOf(asColumn(def)?.typeName),
    ...(within(using) && {
      using: source.part(using! + 'USING'.length),
      casts: castsOnly(asColumn(def)?.raw_default, name),
    }),
    ...beside,
  });
}

function addTableConstraint(target: Target, { def }: AlterTableCmd, source: Source): StagedPlan | undefined {
  const node = asConstraint(def);
  if (!node) return undefined;
  const text = source.part(node.location ?? 0);
  return addConstraint(target, node, text.replace(/^CONSTRAINT\s+(?:"(?:[^"]|"")+"|\S+)\s+/i, ''));
}

const PARTS: Record<string, (target: Target, part: AlterTableCmd, source: Source) => StagedPlan | undefined> =
  {
    AT_AddColumn: (target, { def, missing_ok: optional }, source) =>
      optional && columnOf(target, asColumn(def)?.colname ?? '')
        ? undefined
        : addColumn(target, asColumn(def) ?? {}, source),
    AT_AddConstraint: addTableConstraint,
    AT_DropColumn: (target, part) =>
      isNothing(target, part)
        ? undefined
        : dropColumn(target, part.name ?? '', part.behavior === 'DROP_CASCADE'),
    AT_SetNotNull: (target, { name = '' }) => setNotNull(target, name),
  };

const comesAgain = (parts: readonly AlterTableCmd[], { subtype, name }: AlterTableCmd): boolean =>
  subtype === 'AT_DropColumn' &&
  parts.some((one) => one.subtype === 'AT_AddColumn' && asColumn(one.def)?.colname === name);

/** Says something of a column, which goes with the column where the same statement drops it. */
const OF_COLUMN =
  /^AT_(?:ColumnDefault|(?:Drop|Set)NotNull|Set(?:Statistics|Options|Storage|Compression)|(?:Set|Drop)Identity|DropExpression)$/;

const isNothing = (target: Target, { name = '', missing_ok: optional }: AlterTableCmd): boolean =>
  optional === true && target.known !== undefined && !columnOf(target, name);

/** No version could work on both sides of it, wherever among the other parts it came. */
const goesAtOnce = (target: Target, part: AlterTableCmd): boolean =>
  part.subtype === 'AT_DropColumn' &&
  !isNothing(target, part) &&
  dropColumn(target, part.name ?? '', false) === undefined;

/** Kinds of constraints that the previous version's ON CONFLICT may name. */
const KEYS = new Set(['primary', 'unique', 'exclude']);

/** The previous version may need what this part takes away. */
function takesAway({ known }: Target, { subtype, name, def }: AlterTableCmd): boolean {
  if (subtype === 'AT_DropConstraint')
    return known?.constraints.some((one) => one.name === name && KEYS.has(one.kind)) !== false;
  if (subtype === 'AT_ColumnDefault') return def === undefined || isNull(def);
  return /^AT_(?:AlterColumnType|(?:Add|Set)Identity|Drop(?:Identity|Expression)|Disable(?:Trig|Rule)|(?:Enable|Force)RowSecurity|SetUnLogged|ReplicaIdentity)/.test(
    subtype ?? '',
  );
}

const BOTH = { old: true, new: true };

/** How the change of a plan begins that is the statement's own parts as they were written. */
export const REST = 'the rest of the statement';

const rest = (
  target: Target,
  only: boolean,
  parts: readonly string[],
  placed: Pick<Stage, 'release' | 'when' | 'works' | 'phase'>,
): StagedPlan => ({
  change: `${REST}: ${parts.join(', ')}`,
  missing: [],
  stages: [
    stage({
      name: `alter_${slug(target.name)}`,
      ...placed,
      up: `ALTER TABLE ${only ? 'ONLY ' : ''}${target.sql}\n  ${parts.join(',\n  ')};`,
      down: null,
      why: 'as it was written: there are no steps to make of it; greenlight check tells whether somebody waits for it',
    }),
  ],
});

/** One plan for each part that has one, and the others together as they were written: none is lost. */
export function alterTable(
  target: Target,
  { relation, cmds = [] }: AlterTableStmt,
  source: Source,
): StagedPlan[] {
  // the parent of partitions alone: what is made of it is not for them, and a step would make it of all
  if (relation?.inh === false && target.known?.kind === 'partitioned') return [];
  const written = source.parts(relation?.location ?? 0);
  const [early, late, behind]: [string[], string[], string[]] = [[], [], []];
  const changes = new Set<string>();
  const parts = cmds.flatMap((node) => ('AlterTableCmd' in node ? node.AlterTableCmd : []));
  // a column that goes and comes again in one statement has no name that both could have for a while
  if (parts.some((part) => comesAgain(parts, part) || goesAtOnce(target, part))) return [];
  const dropped = parts.flatMap(({ subtype, name }) => (subtype === 'AT_DropColumn' ? (name ?? []) : []));
  const keyed = parts.flatMap(({ def }) => {
    const key = asConstraint(def);
    return key?.contype === 'CONSTR_PRIMARY' ? texts(key.keys) : [];
  });
  const replaced = new Map<string, StagedPlan>();
  for (const part of parts) {
    if (part.subtype !== 'AT_AlterColumnType') continue;
    const { name = '' } = part;
    const plan = alterColumnType(target, part, source, besideType(parts, written, name));
    if (plan) replaced.set(name, plan);
  }
  const plans = parts.flatMap((part, i) => {
    const { subtype, name = '' } = part;
    if (dropped.includes(name) && OF_COLUMN.test(subtype ?? '')) return [];
    // the key forbids NULL again
    if (keyed.includes(name) && subtype === 'AT_DropNotNull') return [];
    if (replaced.has(name) && /^AT_(?:AlterColumnType|ColumnDefault)$/.test(subtype ?? '')) return [];
    // a NULL of the new version is written to the former column as well
    if (replaced.has(name) && subtype === 'AT_DropNotNull') {
      early.push(written[i] ?? '');
      return [];
    }
    const plan = PARTS[subtype ?? '']?.(target, part, source);
    const text = written[i] ?? '';
    const ofReplaced = [...replaced.keys()].some((column) => text.includes(column));
    if (!plan) (takesAway(target, part) ? late : ofReplaced ? behind : early).push(text);
    // what is said twice is done once
    if (!plan || changes.has(plan.change)) return [];
    changes.add(plan.change);
    return plan;
  });
  // rules about a column come behind its new type, which is there from the second release on
  if (behind.length > 0)
    plans.unshift(
      rest(target, relation?.inh === false, behind, { release: 2, when: 'after the switch', works: BOTH }),
    );
  plans.unshift(...replaced.values());
  if (plans.length === 0) return [];
  const only = relation?.inh === false;
  const last = Math.max(...plans.flatMap(({ stages }) => stages.map(({ release }) => release)));
  return [
    ...(early.length > 0 ? [rest(target, only, early, { release: 1, when: 'first', works: BOTH })] : []),
    ...(late.length > 0
      ? [
          rest(target, only, late, {
            ...{ release: Math.max(2, last), phase: 'contract' },
            when: 'when no version that needs it runs or will be gone back to',
            works: { old: false, new: true },
          }),
        ]
      : []),
    ...plans,
  ];
}

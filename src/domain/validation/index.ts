import { type Check, type Judgement, type Level, levels, type Plan } from './check';
import { connection } from './connection';
import { constraints } from './constraints';
import { foreignKeys } from './foreign-keys';
import { type HistorySeen, history } from './history';
import { indexes } from './indexes';
import { permissions } from './permissions';
import { replication } from './replication';
import { rows } from './rows';
import { type SchemaSeen, schema } from './schema';
import { sequences } from './sequences';
import { statistics } from './statistics';

/** Every check, in the order in which a report names them. */
export const checks = {
  connection,
  history,
  schema,
  constraints,
  indexes,
  sequences,
  permissions,
  foreignKeys,
  rows,
  replication,
  statistics,
} as const;
export type CheckName = keyof typeof checks;

/** What a check sees, or why it saw nothing in time. */
export type Seen<Name extends CheckName> =
  | ((typeof checks)[Name] extends Check<infer T> ? T : never)
  | { unseen: string };
/** The database at one moment, as far as it was looked at. */
export type Observation = { [Name in CheckName]?: Seen<Name> };
/** History and schema are seen on every level, because a rollback is chosen by them. */
export type Observed = Observation & { history: HistorySeen; schema: SchemaSeen };

export interface CheckResult extends Judgement {
  check: CheckName;
}

/** The checks of a level. */
export function checksOf(level: Level): CheckName[] {
  const names = Object.keys(checks) as CheckName[];
  return names.filter((name) => levels.indexOf(checks[name].from) <= levels.indexOf(level));
}

/** The checks whose damage a rollback must not leave either. */
export const afterRevert = (level: Level): CheckName[] =>
  checksOf(level).filter((name) => (checks[name] as Check<unknown>).afterRevert);

/** What can be looked at before it is known what the migrations touch. */
export const beforehand = (names: readonly CheckName[]): CheckName[] =>
  names.filter((name) => name !== 'rows' && name !== 'statistics');

const unseen = (seen: unknown): string | undefined =>
  typeof seen === 'object' && seen !== null && 'unseen' in seen ? String(seen.unseen) : undefined;

function find(name: CheckName, before: Observation, after: Observation, plan: Plan): Judgement {
  const { alone, compare } = checks[name] as Check<unknown>;
  const now = after[name];
  if (now === undefined) return { status: 'warning', detail: 'not looked at' };
  const blind = unseen(now);
  if (blind !== undefined) return { status: 'warning', detail: blind };
  const then = before[name];
  const known = then !== undefined && unseen(then) === undefined;
  if (known || alone) return compare(known ? then : now, now, plan);
  return { status: 'warning', detail: `nothing to compare with: ${unseen(then) ?? 'not looked at'} before` };
}

/** What the checks say of the database after something happened to it, compared with before. Nothing that was not seen fails. */
export const validate = (
  names: readonly CheckName[],
  before: Observation,
  after: Observation,
  plan: Plan,
): CheckResult[] => names.map((check) => ({ check, ...find(check, before, after, plan) }));

/** Why a deployment has to roll back; empty when nothing failed. */
export const failures = (findings: readonly CheckResult[]): string[] =>
  findings.filter(({ status }) => status === 'failed').map(({ check, detail }) => `${check}: ${detail}`);

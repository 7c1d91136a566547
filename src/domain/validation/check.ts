/** How much of the database is looked at before and after its migrations; each level holds those before it. */
export const levels = ['basic', 'standard', 'comprehensive'] as const;
export type Level = (typeof levels)[number];

/** What was found: `failed` turns a deployment back, `warning` goes into its report. */
export interface Judgement {
  status: 'ok' | 'warning' | 'failed';
  /** For a person, with names and numbers; never a value of a row. */
  detail: string;
}

/** What a comparison has to know beside the two observations. */
export interface Plan {
  /** Ids of the migrations that were to be applied in between. */
  pending: string[];
}

/** One thing that is looked at: `Seen` is what the database answers. */
export interface Check<Seen> {
  /** The first level that holds it. */
  from: Level;
  /** What it looks for, in a few words. */
  about: string;
  /** Needs no observation of before. */
  alone?: boolean;
  /** Damage that a rollback must not leave either. */
  afterRevert?: boolean;
  compare(before: Seen, after: Seen, plan: Plan): Judgement;
}

export const check = <Seen>(given: Check<Seen>): Check<Seen> => given;

/** A list in a message: the first five, and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** The worst of what there is to say; `otherwise` when there is nothing. */
export function judgementOf(
  { failed = [], warnings = [] }: { failed?: readonly string[]; warnings?: readonly string[] },
  otherwise: string,
): Judgement {
  const detail = [...failed, ...warnings].join('; ');
  if (failed.length > 0) return { status: 'failed', detail };
  return warnings.length > 0 ? { status: 'warning', detail } : { status: 'ok', detail: otherwise };
}

/** A sentence about names, or nothing where there are none. */
export const about = (names: readonly string[], sentence: (names: string) => string): string[] =>
  names.length > 0 ? [sentence(listed(names))] : [];

/** What is in `after` and not in `before`, and what is in both. */
export function since(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((name) => !before.includes(name)),
    stayed: after.filter((name) => before.includes(name)),
  };
}

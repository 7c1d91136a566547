import type { Rule } from './rule';
import * as register from './rules';

/** Everything that is known, each rule proven by execution on a real PostgreSQL. */
export const rules: readonly Rule[] = Object.values(register);

const byForm = new Map<string, Rule[]>();
for (const rule of rules) {
  for (const form of rule.on) byForm.set(form, [...(byForm.get(form) ?? []), rule]);
}

/** Rules about a form; none are when nothing is known of it. */
export const rulesFor = (form: string): readonly Rule[] => byForm.get(form) ?? [];

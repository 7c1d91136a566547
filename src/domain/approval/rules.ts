import type { MigrationPlan } from '../migrations/plan';
import type { Strategy } from '../settings/choices';
import type { Settings } from '../settings/settings';

export interface ApprovalFacts {
  environment: string;
  /** Which classes the pending migrations have; null for a release without migrations. */
  plan: Pick<MigrationPlan, 'classes'> | null;
  /** Settled, never `AUTO`. */
  strategy: Strategy;
  /** The request asks for one, whatever the rules say; no request can do without one that a rule asks for. */
  required: boolean;
  rules: Settings['approval']['rules'];
}

/** Whether somebody has to agree before anything changes, and the words that say why. */
export type Approval = { needed: boolean; because: string };

type Rule = ApprovalFacts['rules'][number];

/** What of a rule's lists the deployment has; undefined unless every condition that the rule has matches. */
function matched(rule: Rule, { environment, plan, strategy }: ApprovalFacts): string[] | undefined {
  const has = {
    environments: [environment],
    classes: Object.keys(plan?.classes ?? {}),
    strategies: [strategy as string],
  };
  const said = { environments: 'environment', classes: 'migrations', strategies: 'strategy' };
  const found: string[] = [];
  for (const condition of ['environments', 'classes', 'strategies'] as const) {
    const wanted: readonly string[] | undefined = rule[condition];
    if (wanted === undefined) continue;
    const common = has[condition].filter((value) => wanted.includes(value));
    if (common.length === 0) return undefined;
    found.push(`${said[condition]} ${common.join(', ')}`);
  }
  return found;
}

/** The first rule that matches asks; without one, and unless the request asks itself, nobody is. */
export function approvalOf(facts: ApprovalFacts): Approval {
  for (const [index, rule] of facts.rules.entries()) {
    const found = matched(rule, facts);
    if (found)
      return {
        needed: true,
        because: `approval rule ${index + 1} of the service asks for one: ${found.join(' and ') || 'every deployment'}`,
      };
  }
  return facts.required
    ? { needed: true, because: 'the request asks for one' }
    : { needed: false, because: 'no rule asks for one' };
}

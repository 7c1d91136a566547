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
  /** Why it may begin outside of windows; null where it may not. */
  outsideWindow: string | null;
  /** People have agreed to the same before it waited for a window. */
  agreed: boolean;
  rules: Settings['approval']['rules'];
}

/** Whether somebody has to agree before anything changes, and the words that say why. */
/** `given`: they have agreed already. */
export type Approval = { needed: boolean; because: string; given: boolean };

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

/** The first rule that matches asks; without one, and unless the request asks itself, nobody is. What begins outside of windows always is. */
export function approvalOf(facts: ApprovalFacts): Approval {
  const asked = askedBy(facts);
  return asked.needed && facts.agreed
    ? { needed: false, given: true, because: 'people agreed before it waited, and the plan is the same' }
    : asked;
}

function askedBy(facts: ApprovalFacts): Approval {
  if (facts.outsideWindow !== null)
    return {
      needed: true,
      given: false,
      because: `the request asks to begin outside of deployment windows: ${facts.outsideWindow}`,
    };
  for (const [index, rule] of facts.rules.entries()) {
    const found = matched(rule, facts);
    if (found)
      return {
        needed: true,
        given: false,
        because: `approval rule ${index + 1} of the service asks for one: ${found.join(' and ') || 'every deployment'}`,
      };
  }
  return facts.required
    ? { needed: true, given: false, because: 'the request asks for one' }
    : { needed: false, given: false, because: 'no rule asks for one' };
}

import { isDeepStrictEqual } from 'node:util';
import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  PriorityInUseException,
  paginateDescribeRules,
  type Rule,
  type RuleCondition,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Event, holder } from './custom-resource';

interface Properties {
  ListenerArn: string;
  /** Absent: whatever is free, after the others. */
  Priority?: string;
  /** Absent: every request of a listener that is the service's alone. */
  Conditions?: RuleCondition[];
  First: string;
  Second: string;
  Page?: string;
}

const LARGEST_PRIORITY = 50_000;
const EVERY_REQUEST: RuleCondition[] = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }];

const elb = new ElasticLoadBalancingV2Client({});

/** All weight on the first slot; every group is on the rule, because a group on no rule is never checked. */
const actions = ({ First, Second, Page }: Properties): Action[] => [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: First, Weight: 100 },
        { TargetGroupArn: Second, Weight: 0 },
        ...(Page ? [{ TargetGroupArn: Page, Weight: 0 }] : []),
      ],
    },
  },
];

/** The target groups that a rule forwards to, also those of weight 0. */
const groupsOf = ({ Actions = [] }: Rule): string[] =>
  Actions.flatMap(({ ForwardConfig, TargetGroupArn }) =>
    (ForwardConfig?.TargetGroups ?? [{ TargetGroupArn }]).flatMap((group) => group.TargetGroupArn ?? []),
  );

/** Is this rule on the way from a listener to somebody else? A fixed response is nobody. */
function leadsElsewhere(rule: Rule, { First, Second, Page }: Properties): boolean {
  const ending = rule.Actions?.at(-1)?.Type;
  if (ending !== 'forward') return ending !== 'fixed-response';
  return groupsOf(rule).some((group) => ![First, Second, Page].includes(group));
}

async function rulesOn(ListenerArn: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  for await (const { Rules = [] } of paginateDescribeRules({ client: elb }, { ListenerArn }))
    rules.push(...Rules);
  return rules;
}

/** Users of somebody else must not come to this service because nobody has said which requests are its own. */
function refuseToTakeAll(wanted: Properties, rules: Rule[]): void {
  if (wanted.Conditions) return;
  const others = rules.filter((rule) => leadsElsewhere(rule, wanted));
  if (others.length === 0) return;
  const names = others.map(({ RuleArn, IsDefault }) => (IsDefault ? 'its default action' : RuleArn));
  throw new Error(
    `${wanted.ListenerArn} sends requests elsewhere (${names.join(', ')}), and a rule without conditions would take every request; give the service's own conditions, such as its host names`,
  );
}

/** The last in line, so that rules that are there keep their requests. */
function freePriority(rules: Rule[]): number {
  const taken = new Set(rules.map(({ Priority }) => Number(Priority)));
  let priority = LARGEST_PRIORITY;
  while (taken.has(priority)) priority--;
  return priority;
}

async function create(wanted: Properties): Promise<string> {
  for (;;) {
    const rules = await rulesOn(wanted.ListenerArn);
    refuseToTakeAll(wanted, rules);
    try {
      const { Rules } = await elb.send(
        new CreateRuleCommand({
          ListenerArn: wanted.ListenerArn,
          Priority: Number(wanted.Priority ?? freePriority(rules)),
          Conditions: wanted.Conditions ?? EVERY_REQUEST,
          Actions: actions(wanted),
        }),
      );
      return Rules?.[0]?.RuleArn ?? '';
    } catch (error) {
      // another rule of the same stack may have been faster
      if (wanted.Priority || !(error instanceof PriorityInUseException)) throw error;
    }
  }
}

/**
 * What the rule has is compared, and not what the template said before: a stack that is rolled back asks for what the rule
 * still has.
 */
async function refuseWhatIsFixed(rule: string, wanted: Properties): Promise<void> {
  const { Rules: [found = {}] = [] } = await elb.send(new DescribeRulesCommand({ RuleArns: [rule] }));
  const groups = groupsOf(found);
  const { ListenerArn, First, Second, Page } = wanted;
  const listener = rule.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');
  const fixed = [
    ...(listener === ListenerArn ? [] : [`the listener (it is ${listener})`]),
    ...([First, Second].every((group) => groups.includes(group)) ? [] : ["the slots' target groups"]),
    ...(groups.every((group) => [First, Second, Page].includes(group)) ? [] : ['the maintenance page']),
  ];
  if (fixed.length > 0)
    throw new Error(
      `${fixed.join(', ')} of ${rule} cannot be changed while users are on it; it forwards to ${groups.join(', ')}: make other TrafficRules beside these`,
    );
}

/** The weights belong to the workflow from the first moment, so the rule's actions are never named here. */
async function update(RuleArn: string, before: Properties, wanted: Properties): Promise<void> {
  await refuseWhatIsFixed(RuleArn, wanted);
  if (wanted.Priority && wanted.Priority !== before.Priority)
    await elb.send(
      new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn, Priority: Number(wanted.Priority) }] }),
    );
  if (isDeepStrictEqual(wanted.Conditions, before.Conditions)) return;
  refuseToTakeAll(wanted, await rulesOn(wanted.ListenerArn));
  await elb.send(new ModifyRuleCommand({ RuleArn, Conditions: wanted.Conditions ?? EVERY_REQUEST }));
}

async function hold(event: Event<Properties>): Promise<string> {
  const { ResourceProperties: wanted, OldResourceProperties: before = wanted } = event;
  const existing = event.PhysicalResourceId ?? '';
  if (event.RequestType === 'Create') return create(wanted);
  if (event.RequestType === 'Update') await update(existing, before, wanted);
  else if (existing.startsWith('arn:')) await elb.send(new DeleteRuleCommand({ RuleArn: existing }));
  return existing;
}

export const handler = holder('HoldRule', hold);

import { isDeepStrictEqual } from 'node:util';
import {
  type Action,
  AddTagsCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  PriorityInUseException,
  paginateDescribeRules,
  type Rule,
  type RuleCondition,
  RuleNotFoundException,
  SetRulePrioritiesCommand,
  type TargetGroupTuple,
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
  /** ARN of a rule that was there before; absent: one is made. */
  Adopt?: string;
  /** "true": no user comes by it. */
  ForTests?: string;
  /** By this tag the function may change the rule, and no other one of the listener. */
  Owner: string;
}

const LARGEST_PRIORITY = 50_000;
const EVERY_REQUEST: RuleCondition[] = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }];

const elb = new ElasticLoadBalancingV2Client({});

/** All weight on the first slot; every group is on the rule, because a group on no rule is never checked. */
const atFirst = ({ First, Second, Page }: Properties): TargetGroupTuple[] => [
  { TargetGroupArn: First, Weight: 100 },
  { TargetGroupArn: Second, Weight: 0 },
  ...(Page ? [{ TargetGroupArn: Page, Weight: 0 }] : []),
];

const forward = (TargetGroups: TargetGroupTuple[]): Action => ({
  Type: 'forward',
  ForwardConfig: { TargetGroups },
});

/** A rule's actions with other target groups: a login in front of them stays, whose secret nobody is shown. */
const leadingTo = ({ Actions = [] }: Rule, groups: TargetGroupTuple[]): Action[] =>
  Actions.map(({ AuthenticateOidcConfig: login, ...action }) =>
    action.Type === 'forward'
      ? { ...forward(groups), Order: action.Order }
      : { ...action, AuthenticateOidcConfig: login && { ...login, UseExistingClientSecret: true } },
  );

/** What a rule forwards to, also with weight 0. */
const tuplesOf = ({ Actions = [] }: Rule): TargetGroupTuple[] =>
  Actions.filter(({ Type }) => Type === 'forward').flatMap(
    ({ ForwardConfig, TargetGroupArn }) => ForwardConfig?.TargetGroups ?? [{ TargetGroupArn }],
  );
const groupsOf = (rule: Rule): string[] =>
  tuplesOf(rule).flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []);

const tagsOf = ({ Owner }: Properties) => [{ Key: 'greenlight', Value: Owner }];

const listenerOf = (rule: string) => rule.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');

/** Is this rule on the way from a listener to somebody else? A fixed response is nobody. */
function leadsElsewhere(rule: Rule, { First, Second, Page }: Properties): boolean {
  const ending = rule.Actions?.at(-1)?.Type;
  if (ending !== 'forward') return ending !== 'fixed-response';
  return groupsOf(rule).some((group) => ![First, Second, Page].includes(group));
}

async function ruleOf(RuleArn: string): Promise<Rule> {
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
  return Rules?.[0] ?? {};
}

async function isServed(TargetGroupArn: string | undefined): Promise<boolean> {
  const { TargetHealthDescriptions = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  return TargetHealthDescriptions.some(({ TargetHealth }) => TargetHealth?.State === 'healthy');
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
          Actions: [forward(atFirst(wanted))],
          Tags: tagsOf(wanted),
        }),
      );
      return Rules?.[0]?.RuleArn ?? '';
    } catch (error) {
      // another rule of the same stack may have been faster
      if (wanted.Priority || !(error instanceof PriorityInUseException)) throw error;
    }
  }
}

/** Users go on to be served by the slot that has them, because the rule forwards to nobody else and the targets are healthy. */
async function adopt(rule: string, wanted: Properties): Promise<string> {
  const { First, ListenerArn, Conditions, Priority } = wanted;
  const refused = (why: string) => new Error(`${rule} cannot be adopted: ${why}; nothing was changed`);
  if (listenerOf(rule) !== ListenerArn)
    throw refused(`it is a rule of ${listenerOf(rule)}, and not of ${ListenerArn}`);
  const found = await ruleOf(rule);
  const groups = groupsOf(found);
  if (groups.length === 0 || leadsElsewhere(found, wanted))
    throw refused(`it leads to ${groups.join(', ') || 'no target group'}, and slot a's is ${First}`);
  const users = tuplesOf(found).filter(({ Weight = 1 }) => Weight > 0);
  if (users.some(({ TargetGroupArn }) => TargetGroupArn !== First))
    throw refused(
      `slot a, which is to be live, has not all of its users; give ${First} all the weight first`,
    );
  if (!(await isServed(First))) throw refused(`${First} has no healthy target`);
  await elb.send(new AddTagsCommand({ ResourceArns: [rule], Tags: tagsOf(wanted) }));
  if (Priority) await setPriority(rule, Priority);
  await elb.send(
    new ModifyRuleCommand({ RuleArn: rule, Conditions, Actions: leadingTo(found, atFirst(wanted)) }),
  );
  return rule;
}

const setPriority = (RuleArn: string, Priority: string) =>
  elb.send(new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn, Priority: Number(Priority) }] }));

/**
 * What the rule has is compared, and not what the template said before: a stack that is rolled back asks for what the rule
 * still has.
 */
async function refuseWhatIsFixed(rule: string, wanted: Properties): Promise<void> {
  const groups = groupsOf(await ruleOf(rule));
  const { ListenerArn, First, Second, Page, Adopt = rule } = wanted;
  const listener = listenerOf(rule);
  const fixed = [
    ...(Adopt === rule ? [] : [`the adopted rule (it is ${rule})`]),
    ...(listener === ListenerArn ? [] : [`the listener (it is ${listener})`]),
    ...([First, Second].every((group) => groups.includes(group)) ? [] : ["the slots' target groups"]),
    ...(groups.every((group) => [First, Second, Page].includes(group)) ? [] : ['the maintenance page']),
  ];
  if (fixed.length > 0)
    throw new Error(
      `${fixed.join(', ')} of ${rule} cannot be changed while users are on it; it forwards to ${groups.join(', ')}: put the props of before back; who comes by another listener gets a rule of \`traffic.others\` beside it`,
    );
}

/** The weights belong to the workflow from the first moment, so the rule's actions are never named here. */
async function update(RuleArn: string, before: Properties, wanted: Properties): Promise<void> {
  await refuseWhatIsFixed(RuleArn, wanted);
  if (wanted.Priority && wanted.Priority !== before.Priority) await setPriority(RuleArn, wanted.Priority);
  // an adopted rule keeps those that it has
  const leftAlone = wanted.Adopt && !wanted.Conditions;
  if (leftAlone || isDeepStrictEqual(wanted.Conditions, before.Conditions)) return;
  refuseToTakeAll(wanted, await rulesOn(wanted.ListenerArn));
  await elb.send(new ModifyRuleCommand({ RuleArn, Conditions: wanted.Conditions ?? EVERY_REQUEST }));
}

/**
 * A rule whose users are served outlives the stack, and so does one that was there before it. Only what has weight stays on it,
 * because a target group that a rule names cannot be deleted.
 */
async function leave(RuleArn: string, { Adopt, ForTests, Page }: Properties): Promise<void> {
  const found = await ruleOf(RuleArn).catch((error) => {
    if (error instanceof RuleNotFoundException) return undefined;
    throw error;
  });
  if (!found) return;
  const live = tuplesOf(found).filter(({ Weight = 1 }) => Weight > 0);
  if (live.some(({ TargetGroupArn }) => TargetGroupArn === Page) && !ForTests)
    throw new Error(
      `users of ${RuleArn} get the maintenance page, which would go with the stack; open the service first`,
    );
  const served = await Promise.all(live.map(({ TargetGroupArn }) => isServed(TargetGroupArn)));
  if (!Adopt && (ForTests || !served.includes(true))) await elb.send(new DeleteRuleCommand({ RuleArn }));
  else if (live.length > 0)
    await elb.send(new ModifyRuleCommand({ RuleArn, Actions: leadingTo(found, live) }));
}

async function hold(event: Event<Properties>): Promise<string> {
  const { ResourceProperties: wanted, OldResourceProperties: before = wanted } = event;
  const existing = event.PhysicalResourceId ?? '';
  if (event.RequestType === 'Create') return wanted.Adopt ? adopt(wanted.Adopt, wanted) : create(wanted);
  if (event.RequestType === 'Update') await update(existing, before, wanted);
  // what could not be made has no ARN
  else if (existing.startsWith('arn:')) await leave(existing, wanted);
  return existing;
}

export const handler = holder('HoldRule', hold);

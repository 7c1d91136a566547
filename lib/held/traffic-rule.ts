import { CustomResource, Duration, Fn, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type {
  IApplicationListener,
  ITargetGroup,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Slot } from '../../src/domain/settings/choices';
import type { Allowed } from '../rights/role';
import { refuseDeclared } from '../service/declared';
import { ownFunction } from '../workflow/own-function';

/** Which requests of a listener are the service's. */
export interface TrafficRule {
  /** Of HTTP or HTTPS. A rule cannot change it: an update that names another one fails. */
  listener: IApplicationListener;
  /**
   * All of them have to hold; five values at most, as Elastic Load Balancing has it. An update changes them and leaves the
   * weights alone.
   * @default those of the rule that is adopted; without one every request, and the deployment of the stack fails where the
   * listener sends any to somebody else
   */
  conditions?: ListenerCondition[];
  /**
   * 1 to 50,000; the lowest is tried first. An update changes it and leaves the weights alone.
   * @default that of the rule that is adopted; without one the highest that is free when the rule is made, so that it comes after
   * the rules that are there
   */
  priority?: number;
  /**
   * ARN of a rule of this listener that forwards to the target group of the adopted service alone, which has healthy targets: it
   * stays where it is, and users stay where they are. Nobody else may declare it any more.
   * @default a rule is made
   */
  adopt?: string;
}

/** Which requests are the users', and which are for green. */
export interface TrafficProps {
  /** The users' requests. */
  production: TrafficRule;
  /**
   * Further requests of users, on listeners of the same load balancer: what five values of conditions cannot say, or who comes by
   * another listener. Their rules always have the same weights as the first one. @default none
   */
  others?: TrafficRule[];
  /** By which green is asked before a user is. On the users' own listener it needs conditions and a priority before theirs. */
  test: TestRule;
}

/** The rule by which green is asked. */
export interface TestRule extends TrafficRule {
  /**
   * The name that green is asked by: the requests' Host, and over HTTPS what its certificate has to be for.
   * @default the load balancer's own name, which no certificate of yours is for
   */
  host?: string;
}

/** A service's listener rules, by their ARNs. */
export interface ListenerRules {
  /** That of the users. */
  readonly production: string;
  /** Their further ones. */
  readonly others: string[];
  /** That by which green is asked. */
  readonly test: string;
}

/** Between what `TrafficRules` shift the weights. */
interface TrafficRulesProps extends TrafficProps {
  /** All users are on that of slot a at the beginning. */
  targetGroups: Record<Slot, ITargetGroup>;
  /** Where users go in a maintenance window. Can be added later, and not be replaced. @default none: the service never closes */
  page?: ITargetGroup;
}

/** Source: Elastic Load Balancing, Application Load Balancers, quotas: condition values per rule. */
const MOST_VALUES = 5;
const LARGEST_PRIORITY = 50_000;

/** A condition as the API has it; the CDK writes it for a template of its own, in camel case. */
function inWordsOfTheApi(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(inWordsOfTheApi);
  if (typeof part !== 'object' || part === null || Token.isUnresolved(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [
      `${name[0]?.toUpperCase()}${name.slice(1)}`,
      inWordsOfTheApi(value),
    ]),
  );
}

function conditionsOf(path: string, { conditions }: TrafficRule): unknown[] | undefined {
  if (!conditions) return undefined;
  const raw = conditions.map((condition) => condition.renderRawCondition());
  const values = raw.flatMap((condition) =>
    Object.values<{ values?: unknown[] }>(condition).flatMap((config) => config.values ?? []),
  );
  if (values.length === 0 || values.length > MOST_VALUES)
    throw new Error(
      `${path}.conditions: expected 1 to ${MOST_VALUES} values in all, as many as Elastic Load Balancing takes for a rule, received ${values.length}; split them over several rules, or leave conditions out where the listener is the service's alone`,
    );
  return raw.map(inWordsOfTheApi);
}

function priorityOf(path: string, { priority }: TrafficRule): string | undefined {
  if (priority === undefined) return undefined;
  if (
    !Token.isUnresolved(priority) &&
    !(Number.isInteger(priority) && priority >= 1 && priority <= LARGEST_PRIORITY)
  )
    throw new Error(
      `${path}.priority: expected an integer from 1 to ${LARGEST_PRIORITY}, received ${priority}`,
    );
  return String(priority);
}

/** Of two rules on one listener the first takes what the second is for. */
function refuseOneForBoth(path: string, { production, others = [], test }: TrafficRulesProps): void {
  const own = [production, ...others].map(({ listener }) => listener.listenerArn);
  for (const [index, { conditions }] of others.entries())
    if (!conditions && own.indexOf(own[index + 1]!) <= index)
      throw new Error(
        `${path}.others.${index}: expected conditions, because another rule is on the same listener, and without any one of the two gets nothing`,
      );
  if (!own.includes(test.listener.listenerArn)) return;
  if (test.conditions && test.priority !== undefined) return;
  throw new Error(
    `${path}.test: expected conditions and a priority, because it is on the listener of the users, who would get green or hide it; give them, or a listener of its own`,
  );
}

/** What is adopted is a rule, and one that no template declares. */
function refuseOther(path: string, adopt: string | undefined): void {
  refuseDeclared(path, adopt, 'AWS::ElasticLoadBalancingV2::ListenerRule');
  if (adopt !== undefined && !Token.isUnresolved(adopt) && !adopt.includes(':listener-rule/'))
    throw new Error(`${path}: expected the ARN of a listener rule, received ${adopt}`);
}

/** The ARNs of all rules of a listener, whose own ARN may not be known yet. */
function rulesOn(listenerArn: string): string {
  const [balancer, listener] = [0, 1].map((part) => Fn.select(part, Fn.split(':listener/', listenerArn)));
  return `${balancer}:listener-rule/${listener}/*`;
}

/**
 * The listener rules whose weights the workflow moves, the users' and the one for tests. CloudFormation puts declared weights back when an
 * update reaches a rule, in the middle of a shift if need be (https://github.com/aws/aws-cdk/issues/36649), so
 * the template does not declare them: a custom resource makes each rule once, and an update changes conditions and
 * priority alone. A rule of the users outlives its stack while healthy targets serve them by it, and an adopted one always; it
 * then forwards to the slot that is live alone.
 */
export class TrafficRules extends Construct implements ListenerRules {
  readonly production: string;
  readonly others: string[];
  readonly test: string;

  /**
   * @param scope of whose `traffic` the props are
   * @throws Error for conditions and priorities that no rule can have, and for a rule to adopt that there cannot be
   */
  constructor(scope: Construct, id: string, props: TrafficRulesProps) {
    super(scope, id);
    const all = `${scope.node.path}.traffic`;
    refuseOneForBoth(all, props);
    const { others = [] } = props;
    const owner = `${Stack.of(this).stackName}/${Names.uniqueId(this)}`;
    const holder = this.holder([props.production, ...others, props.test], owner);
    const rule = (name: string, wanted: TrafficRule, member: string, own: object = {}) => {
      const path = `${all}.${member}`;
      refuseOther(`${path}.adopt`, wanted.adopt);
      return new CustomResource(this, name, {
        serviceToken: holder.functionArn,
        resourceType: 'Custom::TrafficRule',
        properties: {
          ListenerArn: wanted.listener.listenerArn,
          Priority: priorityOf(path, wanted),
          Conditions: conditionsOf(path, wanted),
          First: props.targetGroups.a.targetGroupArn,
          Second: props.targetGroups.b.targetGroupArn,
          Page: props.page?.targetGroupArn,
          Adopt: wanted.adopt,
          Owner: owner,
          ...own,
        },
      }).ref;
    };
    this.production = rule('Production', props.production, 'production');
    this.others = others.map((one, index) => rule(`Production${index + 2}`, one, `others.${index}`));
    this.test = rule('Test', props.test, 'test', { ForTests: true });
  }

  /** @param owner the tag that tells these rules from others of a shared listener */
  private holder(rules: TrafficRule[], owner: string): LambdaFunction {
    const listeners = [...new Set(rules.map(({ listener }) => listener.listenerArn))];
    const adopted = rules.flatMap(({ adopt }) => adopt ?? []);
    // also rules of a listener that is not named any more, which are then to go
    const every = Stack.of(this).formatArn({
      service: 'elasticloadbalancing',
      resource: 'listener-rule/app',
      resourceName: '*',
    });
    const allowed = (
      actions: string[],
      resources: string[],
      { because, when }: { because?: string; when?: Record<string, string> } = {},
    ): Allowed => ({
      statement: new PolicyStatement({
        actions: actions.map((action) => `elasticloadbalancing:${action}`),
        resources,
        conditions: when && { StringEquals: when },
      }),
      because: because ? Object.fromEntries(resources.map((one) => [one, because])) : undefined,
    });
    return ownFunction(
      this,
      { function: 'HoldRule', role: 'HoldRuleRole' },
      {
        name: 'HoldRule',
        description: 'Creates a listener rule once and never changes its weights',
        timeout: Duration.seconds(60),
        logGroup: new LogGroup(this, 'HoldRuleLogs', {
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        allowed: [
          allowed(['CreateRule'], listeners),
          allowed(['AddTags'], listeners.map(rulesOn), {
            because: 'a rule is named when it is made; only then, and on these listeners alone',
            when: { 'elasticloadbalancing:CreateAction': 'CreateRule' },
          }),
          ...(adopted.length > 0 ? [allowed(['AddTags', 'ModifyRule', 'SetRulePriorities'], adopted)] : []),
          allowed(['ModifyRule', 'SetRulePriorities', 'DeleteRule'], [every], {
            because: 'a rule is named when it is made; by its tag its own alone',
            when: { 'aws:ResourceTag/greenlight': owner },
          }),
          allowed(['DescribeRules', 'DescribeTargetHealth'], ['*'], {
            because: 'Elastic Load Balancing has no resource for it',
          }),
        ],
      },
    );
  }
}

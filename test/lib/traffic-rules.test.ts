import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationTargetGroup,
  CfnListenerRule,
  ListenerCondition,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { type TrafficRule, TrafficRules } from '../../lib/held/traffic-rule';

jest.setTimeout(60_000);

const SHARED = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/shared/1/2';

type Own = Omit<TrafficRule, 'listener'>;

const TESTED: Own = { priority: 1, conditions: [ListenerCondition.hostHeaders(['green.example.org'])] };

interface Statement {
  Action: unknown;
  Resource: unknown;
  Condition?: { StringEquals?: Record<string, string> };
}

/** The properties of the rules of production, and what their function may do. */
function synthesised(own: Own, { tested = TESTED, others = [] }: { tested?: Own; others?: Own[] } = {}) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const vpc = new Vpc(stack, 'Vpc');
  const group = (id: string) =>
    new ApplicationTargetGroup(stack, id, { vpc, targetType: TargetType.IP, port: 80 });
  const listener = ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: SHARED,
    securityGroup: new SecurityGroup(stack, 'Security', { vpc }),
  });
  new TrafficRules(stack, 'Traffic', {
    targetGroups: { a: group('A'), b: group('B') },
    production: { listener, ...own },
    others: others.map((other) => ({ listener, ...other })),
    test: { listener, ...tested },
  });
  const template = Template.fromStack(stack);
  const resources = Object.entries(template.findResources('Custom::TrafficRule'));
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  return {
    rules: resources.filter(([id]) => !/Test/.test(id)).map(([, { Properties }]) => Properties),
    statements: role?.Properties.Policies[0].PolicyDocument.Statement as Statement[],
  };
}

test('conditions are those of the API, whatever the CDK calls them', () => {
  const { rules } = synthesised({
    priority: 7,
    conditions: [
      ListenerCondition.hostHeaders(['shop.example.org']),
      ListenerCondition.httpHeader('X-Team', ['shop']),
      ListenerCondition.queryStrings([{ key: 'shop', value: '*' }]),
      ListenerCondition.httpRequestMethods(['GET']),
      ListenerCondition.sourceIps(['10.0.0.0/8']),
    ],
  });
  expect(rules).toMatchObject([
    {
      ListenerArn: SHARED,
      Priority: '7',
      Conditions: [
        { Field: 'host-header', HostHeaderConfig: { Values: ['shop.example.org'] } },
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Team', Values: ['shop'] } },
        { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'shop', Value: '*' }] } },
        { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
        { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
      ],
    },
  ]);
});

test('without conditions nothing is taken for granted', () => {
  const { rules } = synthesised({});
  expect(Object.keys(rules[0])).toEqual(expect.not.arrayContaining(['Priority', 'Conditions']));
});

test('the function changes rules that it has made or adopted, and no others of the listener', () => {
  const action = (name: string) => `elasticloadbalancing:${name}`;
  const own = (statements: Statement[]) =>
    statements.filter(({ Action }) => String(Action).startsWith(action('')));
  const made = own(synthesised({}).statements);
  const tag = { StringEquals: { 'aws:ResourceTag/greenlight': expect.stringMatching(/^Shop\/ShopTraffic/) } };
  expect(made).toMatchObject([
    { Action: action('CreateRule'), Resource: SHARED },
    {
      ...{ Action: action('AddTags'), Resource: `${SHARED.replace(':listener/', ':listener-rule/')}/*` },
      Condition: { StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateRule' } },
    },
    { Action: ['ModifyRule', 'SetRulePriorities', 'DeleteRule'].map(action), Condition: tag },
    { Action: ['DescribeRules', 'DescribeTargetHealth'].map(action), Resource: '*' },
  ]);
  const adopt = `${SHARED.replace(':listener/', ':listener-rule/')}/3`;
  const { statements, rules } = synthesised({ adopt });
  expect(own(statements)[2]).toMatchObject({
    Action: ['AddTags', 'ModifyRule', 'SetRulePriorities'].map(action),
    Resource: adopt,
  });
  expect(own(statements)).toHaveLength(made.length + 1);
  expect(rules[0].Owner).toEqual(made[2]!.Condition!.StringEquals!['aws:ResourceTag/greenlight']);
});

test('on the listener of the users green is asked by conditions that come first', () => {
  const message =
    'Shop.traffic.test: expected conditions and a priority, because it is on the listener of the users';
  expect(() => synthesised({}, { tested: {} })).toThrow(message);
  expect(() => synthesised({}, { tested: { conditions: TESTED.conditions } })).toThrow(message);
});

test('a rule that a template still declares is not adopted', () => {
  const stack = new Stack(new App(), 'Other');
  const { ref } = new CfnListenerRule(stack, 'Declared', {
    ...{ listenerArn: SHARED, priority: 1, conditions: [], actions: [] },
  });
  expect(() => synthesised({ adopt: ref })).toThrow(
    'Shop.traffic.production.adopt: expected what no template declares any more, received Other/Declared;',
  );
});

test('each further rule of the users is one of its own, and says on a listener that they share what it is for', () => {
  const [hosts, other] = ['shop.example.org', 'shop.example.com'].map((host) => [
    ListenerCondition.hostHeaders([host]),
  ]);
  const { rules } = synthesised({ conditions: hosts, priority: 5 }, { others: [{ conditions: other }] });
  expect(rules).toMatchObject([
    { Priority: '5', Conditions: [{ HostHeaderConfig: { Values: ['shop.example.org'] } }] },
    { Conditions: [{ HostHeaderConfig: { Values: ['shop.example.com'] } }] },
  ]);
  expect(() => synthesised({ conditions: hosts }, { others: [{}] })).toThrow(
    'Shop.traffic.others.0: expected conditions, because another rule is on the same listener',
  );
  expect(() => synthesised({ conditions: hosts }, { others: [{ priority: 0, conditions: other }] })).toThrow(
    'Shop.traffic.others.0.priority: expected an integer',
  );
});

const paths = (count: number) =>
  ListenerCondition.pathPatterns(Array.from({ length: count }, (_, index) => `/${index}`));

test.each([
  [
    'more values than a rule may have, be they in several conditions',
    { conditions: [paths(3), ListenerCondition.hostHeaders(['a', 'b', 'c'])] },
    'Shop.traffic.production.conditions: expected 1 to 5 values in all, as many as Elastic Load Balancing takes for a rule, received 6; split them',
  ],
  ['no condition', { conditions: [] }, 'conditions: expected 1 to 5 values in all'],
  [
    'a priority that is none',
    { priority: 0 },
    'production.priority: expected an integer from 1 to 50000, received 0',
  ],
  [
    'a listener in the place of a rule to adopt',
    { adopt: SHARED },
    `Shop.traffic.production.adopt: expected the ARN of a listener rule, received ${SHARED}`,
  ],
  ['a priority beyond the last', { priority: 50_001 }, 'received 50001'],
  ['half a priority', { priority: 1.5 }, 'received 1.5'],
])('%s is refused while the app is synthesised', (_, own, message) => {
  expect(() => synthesised(own)).toThrow(message);
});

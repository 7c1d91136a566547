import { scaledClock } from '../../../local/clock';
import type { Functions, ResourceMaker } from '../../../local/service';
import {
  createCustomResources,
  createStack,
  type StackDependencies,
  type Template,
} from '../../../local/template';
import { physicalName } from '../../../local/template/physical-names';

/** A stack's dependencies with makers that note what they made. */
function recording(overrides: Partial<StackDependencies> & { functions?: Functions } = {}) {
  const made: string[] = [];
  const make: ResourceMaker = (properties, { logicalId, name }) => {
    made.push(logicalId);
    return { ref: properties.Name ?? name, attributes: { Arn: `arn:${logicalId}` } };
  };
  const customResources = createCustomResources({
    clock: scaledClock(),
    functions: overrides.functions ?? { invoke: () => Promise.reject(new Error('no functions here')) },
    responseUrl: (id) => `http://local/${id}`,
  });
  const deps: StackDependencies = {
    makers: { 'Test::Thing': make, 'Test::Other': make },
    customResources,
    resolveDynamic: (reference) => `<${reference.slice(2, -2)}>`,
    lookUpParameter: (name) => (name === '/known' ? 'from ssm' : undefined),
    exports: new Map(),
    ...overrides,
  };
  return { made, deps, customResources };
}

const thing = (Properties: Record<string, unknown> = {}, more = {}) => ({
  Type: 'Test::Thing',
  Properties,
  ...more,
});

interface CloudFormationEvent {
  RequestType: string;
  ResponseURL: string;
}

/** Functions that answer every custom resource request at once with what `reply` says. */
function answering(reply: (event: CloudFormationEvent) => object) {
  const events: CloudFormationEvent[] = [];
  const deps: { respond?: (id: string, body: string) => boolean } = {};
  const functions: Functions = {
    async invoke(_arn, payload) {
      const event = payload as CloudFormationEvent;
      events.push(event);
      const id = event.ResponseURL.split('/').pop();
      deps.respond!(String(id), JSON.stringify(reply(event)));
      return { payload: null };
    },
  };
  return { events, functions, deps };
}

describe('creating a stack', () => {
  test('makes a resource after everything it refers to or declares to depend on', async () => {
    const { made, deps } = recording();
    const Resources = {
      Last: thing({ Name: { 'Fn::Sub': '${Middle.Arn}' } }),
      Middle: thing({}, { DependsOn: ['First'] }),
      First: thing(),
    };
    const stack = await createStack('Shop', { Resources }, {}, deps);
    expect(made).toEqual(['First', 'Middle', 'Last']);
    expect(stack.resources.get('Last')!.ref).toBe('arn:Middle');
  });

  test('makes independent resources at the same time', async () => {
    let open = 0;
    let most = 0;
    const slow: ResourceMaker = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return { ref: 'x' };
    };
    const { deps } = recording({ makers: { 'Test::Thing': slow } });
    await createStack('Shop', { Resources: { A: thing(), B: thing() } }, {}, deps);
    expect(most).toBe(2);
  });

  test('refuses every unsupported type by name before anything is made', async () => {
    const { made, deps } = recording();
    const Resources = {
      A: thing(),
      B: { Type: 'AWS::X::Y' },
      C: { Type: 'AWS::Z::W' },
      V: { Type: 'AWS::EC2::VPC' },
    };
    await expect(createStack('Shop', { Resources }, {}, deps)).rejects.toThrow(
      'no part for these resources: /Resources/B AWS::X::Y, /Resources/C AWS::Z::W;',
    );
    expect(made).toEqual([]);
  });

  test('names the circle in which resources depend on each other', async () => {
    const { deps } = recording();
    const Resources = { A: thing({ Name: { Ref: 'B' } }), B: thing({ Name: { Ref: 'A' } }) };
    await expect(createStack('Shop', { Resources }, {}, deps)).rejects.toThrow('A -> B -> A');
  });

  test('leaves out resources and outputs whose condition is false', async () => {
    const { made, deps } = recording();
    const template: Template = {
      Parameters: { Stage: { Type: 'String', Default: 'test' } },
      Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      Resources: { A: thing(), B: thing({}, { Condition: 'Prod' }) },
      Outputs: { Out: { Value: 'x', Condition: 'Prod' } },
    };
    expect((await createStack('Shop', template, {}, deps)).outputs).toEqual({});
    expect(made).toEqual(['A']);
    expect((await createStack('Shop', template, { Stage: 'prod' }, deps)).outputs).toEqual({ Out: 'x' });
  });

  test('resolves parameters, SSM parameters, dynamic references and exports of another stack', async () => {
    // "$&" is special in a replacement text, and passwords hold anything
    const { deps } = recording({ resolveDynamic: (reference) => `$&<${reference.slice(2, -2)}>` });
    await createStack(
      'One',
      { Resources: { A: thing() }, Outputs: { O: { Value: { Ref: 'A' }, Export: { Name: 'shared' } } } },
      {},
      deps,
    );
    const template: Template = {
      Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/known' } },
      Resources: {
        A: thing({ Name: { 'Fn::Join': ['|', [{ Ref: 'P' }, { 'Fn::ImportValue': 'shared' }]] } }),
        B: thing({
          Name: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'A' }, ':SecretString}}']] },
        }),
      },
    };
    const { resources } = await createStack('Two', template, {}, deps);
    expect(resources.get('A')!.ref).toBe('from ssm|One-A');
    expect(resources.get('B')!.ref).toBe('$&<resolve:secretsmanager:from ssm|One-A:SecretString>');
  });

  test('begins nothing new after a failure, waits for what had begun and says which resource failed', async () => {
    const ended: string[] = [];
    const failing: ResourceMaker = () => Promise.reject(new Error('disk full'));
    const slow: ResourceMaker = async (_properties, { logicalId }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended.push(logicalId);
      return { ref: logicalId };
    };
    const { made, deps } = recording();
    const makers = { ...deps.makers, 'Test::Failing': failing, 'Test::Slow': slow };
    const Resources = {
      A: { Type: 'Test::Failing' },
      B: { Type: 'Test::Slow' },
      OfA: thing({}, { DependsOn: 'A' }),
      OfB: thing({}, { DependsOn: 'B' }),
    };
    await expect(createStack('Shop', { Resources }, {}, { ...deps, makers })).rejects.toThrow(
      'Test::Failing A could not be created: disk full',
    );
    expect([ended, made]).toEqual([['B'], []]);
  });
});

describe('custom resources', () => {
  const Resources = {
    Rule: { Type: 'Custom::Rule', Properties: { ServiceToken: 'arn:fn', Weight: 5, On: true } },
    After: thing({ Name: { 'Fn::GetAtt': ['Rule', 'RuleArn'] } }),
  };

  test('receive their properties as text and give Ref and attributes by their response', async () => {
    const {
      events,
      functions,
      deps: bridge,
    } = answering(() => ({
      Status: 'SUCCESS',
      PhysicalResourceId: 'rule-1',
      Data: { RuleArn: 'arn:rule' },
    }));
    const { deps, customResources } = recording({ functions });
    bridge.respond = customResources.respond;
    const { resources } = await createStack('Shop', { Resources }, {}, deps);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      RequestType: 'Create',
      LogicalResourceId: 'Rule',
      ResourceProperties: { Weight: '5', On: 'true' },
    });
    expect(resources.get('Rule')!.ref).toBe('rule-1');
    expect(resources.get('After')!.ref).toBe('arn:rule');
  });

  test('that answer FAILED fail the stack with their reason', async () => {
    const { functions, deps: bridge } = answering(() => ({ Status: 'FAILED', Reason: 'no listener' }));
    const { deps, customResources } = recording({ functions });
    bridge.respond = customResources.respond;
    await expect(createStack('Shop', { Resources }, {}, deps)).rejects.toThrow(
      'Create of custom resource Rule (Custom::Rule) failed: no listener',
    );
  });

  test('whose function throws fail the stack with the error of the function', async () => {
    const functions: Functions = {
      invoke: async () => ({ error: { errorType: 'TypeError', errorMessage: 'x is not a function' } }),
    };
    const { deps } = recording({ functions });
    await expect(createStack('Shop', { Resources }, {}, deps)).rejects.toThrow('x is not a function');
  });
});

describe('updating a stack', () => {
  const answer = () => ({ Status: 'SUCCESS', PhysicalResourceId: 'rule-1', Data: { RuleArn: 'arn:rule' } });

  async function started(Resources: Template['Resources']) {
    const { events, functions, deps: bridge } = answering(answer);
    const { deps, made, customResources } = recording({ functions });
    bridge.respond = customResources.respond;
    const stack = await createStack('Shop', { Resources }, {}, deps);
    events.length = 0;
    made.length = 0;
    return { stack, events, made };
  }
  const rule = (weight: number) => ({ Type: 'Custom::Rule', Properties: { ServiceToken: 'arn:fn', weight } });

  test('with the same template touches nothing', async () => {
    const Resources = { Rule: rule(1), A: thing({ Name: { 'Fn::GetAtt': ['Rule', 'RuleArn'] } }) };
    const { stack, events, made } = await started(Resources);
    await stack.update({ Resources: structuredClone(Resources) });
    expect([events, made]).toEqual([[], []]);
  });

  test('sends Update with the old properties to a custom resource that changed, and creates what is new', async () => {
    const { stack, events, made } = await started({ Rule: rule(1), A: thing() });
    await stack.update({ Resources: { Rule: rule(2), A: thing(), B: thing() } });
    expect(made).toEqual(['B']);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      RequestType: 'Update',
      PhysicalResourceId: 'rule-1',
      ResourceProperties: { weight: '2' },
      OldResourceProperties: { weight: '1' },
    });
  });

  test('sends Delete to a custom resource that is gone', async () => {
    const { stack, events } = await started({ Rule: rule(1), A: thing() });
    await stack.update({ Resources: { A: thing() } });
    expect(events).toMatchObject([{ RequestType: 'Delete', PhysicalResourceId: 'rule-1' }]);
    expect([...stack.resources.keys()]).toEqual(['A']);
  });

  describe('of a type that can be', () => {
    async function kept(Resources: Template['Resources']) {
      const log: string[] = [];
      let count = 0;
      const make: ResourceMaker = ({ Name }, { logicalId }) => {
        log.push(`make ${logicalId} ${Name}`);
        return { ref: `${logicalId}-${++count}` };
      };
      const { deps } = recording({
        makers: { 'Test::Put': make, 'Test::Revision': make, 'Test::Thing': make },
        updates: {
          'Test::Put': ({ Name }, { ref, before }) => {
            log.push(`change ${ref} ${before.Name} to ${Name}`);
            return { ref };
          },
        },
        removals: {
          'Test::Put': (ref) => void log.push(`remove ${ref}`),
          'Test::Revision': (ref) => void log.push(`remove ${ref}`),
        },
      });
      const stack = await createStack('Shop', { Resources }, {}, deps);
      log.length = 0;
      return { stack, log };
    }
    const put = (Name: unknown, more = {}) => ({ Type: 'Test::Put', Properties: { Name }, ...more });
    const revision = (Name: string, more = {}) => ({
      Type: 'Test::Revision',
      Properties: { Name },
      ...more,
    });

    test('changes it in place, and first what it refers to', async () => {
      const { stack, log } = await kept({ A: put({ Ref: 'R' }), R: revision('one') });
      await stack.update({ Resources: { A: put({ Ref: 'R' }), R: revision('two') } });
      expect(log).toEqual(['make R two', 'change A-2 R-1 to R-3', 'remove R-1']);
      expect(stack.resources.get('A')).toMatchObject({ ref: 'A-2', properties: { Name: 'R-3' } });
    });

    test('keeps what was replaced where its policy says so', async () => {
      const { stack, log } = await kept({ R: revision('one') });
      await stack.update({ Resources: { R: revision('two', { UpdateReplacePolicy: 'Retain' }) } });
      expect(log).toEqual(['make R two']);
    });

    test.each([
      [undefined, ['remove A-1']],
      ['Delete', ['remove A-1']],
      ['Retain', []],
      ['RetainExceptOnCreate', []],
    ])('ends what is no longer named, with DeletionPolicy %s so: %j', async (DeletionPolicy, expected) => {
      const { stack, log } = await kept({ A: put('one', { DeletionPolicy }), B: put('one') });
      await stack.update({ Resources: { B: put('one') } });
      expect(log).toEqual(expected);
      expect([...stack.resources.keys()]).toEqual(['B']);
    });

    test('does not end what it cannot, but forgets it where its policy keeps it', async () => {
      const { stack } = await kept({ A: thing(), B: thing({}, { DeletionPolicy: 'Retain' }) });
      await expect(stack.update({ Resources: { B: thing() } })).rejects.toThrow(
        'cannot remove a resource of a running stack: Test::Thing (A)',
      );
      await stack.update({ Resources: { A: thing() } });
      expect([...stack.resources.keys()]).toEqual(['A']);
    });
  });

  test('ends a custom resource whose answer names another one in its place', async () => {
    const names = ['rule-1', 'rule-2', 'rule-2'];
    const {
      events,
      functions,
      deps: bridge,
    } = answering(() => ({ Status: 'SUCCESS', PhysicalResourceId: names.shift() }));
    const { deps, customResources } = recording({ functions });
    bridge.respond = customResources.respond;
    const stack = await createStack('Shop', { Resources: { Rule: rule(1) } }, {}, deps);
    await stack.update({ Resources: { Rule: rule(2) } });
    expect(events.slice(1)).toMatchObject([
      { RequestType: 'Update', PhysicalResourceId: 'rule-1' },
      { RequestType: 'Delete', PhysicalResourceId: 'rule-1', ResourceProperties: { weight: '1' } },
    ]);
  });

  test('refuses any other change by name and leaves custom resources alone', async () => {
    const { stack, events } = await started({ Rule: rule(1), A: thing() });
    const changes = { Rule: rule(2), A: thing({ Name: 'other' }) };
    await expect(stack.update({ Resources: changes })).rejects.toThrow('Test::Thing (A)');
    await expect(stack.update({ Resources: { Rule: rule(2) } })).rejects.toThrow('Test::Thing (A)');
    const otherType = { Rule: { ...rule(2), Type: 'Custom::Other' }, A: thing() };
    await expect(stack.update({ Resources: otherType })).rejects.toThrow(
      'Update of resource type is not permitted',
    );
    expect(events).toEqual([]);
  });
});

describe('a physical name', () => {
  test.each([
    ['AWS::ECS::Cluster', 'Cluster', 'Shop-Cluster'],
    [
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      'ProductionListenerBlueTargetGroup',
      /^Shop-ProductionListener-[0-9a-f]{8}$/,
    ],
    ['AWS::RDS::DBInstance', 'DatabaseB2', 'shop-databaseb2'],
  ])('of %s %s is one that AWS accepts', (type, logicalId, expected) => {
    expect(physicalName('Shop', logicalId, type)).toMatch(expected);
    expect(physicalName('Shop', logicalId, type)).not.toBe(physicalName('Shop', `${logicalId}2`, type));
  });
});

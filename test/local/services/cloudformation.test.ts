import {
  CloudFormation,
  type CreateChangeSetCommandInput,
  type Stack,
  waitUntilChangeSetCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { scaledClock } from '../../../local/clock';
import { createFaults, type Endpoint, startEndpoint } from '../../../local/endpoint';
import { createCloudFormation } from '../../../local/services/cloudformation';
import { createCustomResources, type StackDependencies } from '../../../local/template';

/** Things of the test's own: `Test::Put` is changed in place, `Test::Revision` replaced; a name that says so fails. */
function world() {
  const there = new Map<string, string>();
  let count = 0;
  const named = (name: string) => {
    if (name === 'bad') throw new Error('the name is bad');
    return name;
  };
  const make = ({ Name }: { Name: string }, { logicalId }: { logicalId: string }) => {
    const ref = `${logicalId}-${++count}`;
    there.set(ref, named(Name));
    return { ref, attributes: { Name } };
  };
  const remove = (ref: string) => void there.delete(ref);
  const dependencies: StackDependencies = {
    makers: { 'Test::Put': make, 'Test::Revision': make, 'AWS::IAM::Role': () => ({ ref: 'role' }) },
    updates: {
      'Test::Put': ({ Name }, { ref }) => {
        there.set(ref, Name);
        named(Name);
        return { ref, attributes: { Name } };
      },
    },
    removals: { 'Test::Put': remove, 'Test::Revision': remove, 'AWS::IAM::Role': () => {} },
    live: { 'Test::Put': (ref) => (there.has(ref) ? { Name: there.get(ref) } : undefined) },
    refusals: {
      'Test::Put': ({ Name }) => (Name === 'foreign' ? 'no foreign names' : undefined),
    },
    customResources: createCustomResources({
      clock: scaledClock(),
      functions: { invoke: async () => ({ payload: null }) },
      responseUrl: () => '',
    }),
    resolveDynamic: () => '',
    lookUpParameter: () => undefined,
    exports: new Map(),
  };
  return { there, dependencies };
}

let endpoint: Endpoint;
let cfn: CloudFormation;
let there: Map<string, string>;
const objects = new Map<string, string>();
beforeEach(async () => {
  const { dependencies, ...rest } = world();
  there = rest.there;
  const objectOf = (bucket: string, key: string) => {
    const text = objects.get(`${bucket}/${key}`);
    return text === undefined ? undefined : Buffer.from(text);
  };
  endpoint = await startEndpoint({
    services: [createCloudFormation({ clock: scaledClock(), dependencies: () => dependencies, objectOf })],
    authorise: () => {},
    faults: createFaults(),
    callerOf: (accessKeyId) => ({ accessKeyId }),
  });
  cfn = new CloudFormation({
    region: 'eu-west-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(() => endpoint.close());

const put = (Name: unknown, more = {}) => ({ Type: 'Test::Put', Properties: { Name }, ...more });
const revision = (Name: unknown) => ({ Type: 'Test::Revision', Properties: { Name } });

async function changeSet(Resources: object, more: Partial<CreateChangeSetCommandInput> = {}) {
  const { Outputs, ...rest } = more as { Outputs?: object };
  const { Id, StackId } = await cfn.createChangeSet({
    StackName: 'Notes',
    ChangeSetName: 'next',
    TemplateBody: JSON.stringify({ Resources, Outputs }),
    ...rest,
  });
  return { ChangeSetName: Id, StackName: StackId };
}

/** The stack when nothing is under way with it any more. */
async function settled(StackName = 'Notes'): Promise<Stack> {
  for (;;) {
    const { Stacks = [] } = await cfn.describeStacks({ StackName });
    if (!Stacks[0]!.StackStatus!.endsWith('_IN_PROGRESS')) return Stacks[0]!;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function deploy(Resources: object, more: object = {}) {
  await cfn.executeChangeSet(await changeSet(Resources, more));
  return settled();
}

const create = { ChangeSetType: 'CREATE' as const };

it('shows what a change set would do, does it when it is executed, and tells what has become of it', async () => {
  const named = await changeSet({ A: put('one') }, {
    ...create,
    Outputs: { Out: { Value: { Ref: 'A' }, Export: { Name: 'notes' } } },
  } as object);
  await waitUntilChangeSetCreateComplete({ client: cfn, maxWaitTime: 5, minDelay: 1, maxDelay: 1 }, named);
  expect(await cfn.describeChangeSet(named)).toMatchObject({
    ExecutionStatus: 'AVAILABLE',
    Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'A', ResourceType: 'Test::Put' } }],
  });
  expect([...there]).toEqual([]);
  await cfn.executeChangeSet(named);
  expect(await settled()).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputKey: 'Out', OutputValue: 'A-1', ExportName: 'notes' }],
  });
  expect([...there]).toEqual([['A-1', 'one']]);
  expect((await cfn.listExports({})).Exports).toMatchObject([{ Name: 'notes', Value: 'A-1' }]);
  const { StackEvents = [] } = await cfn.describeStackEvents({ StackName: 'Notes' });
  expect(StackEvents.map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`).reverse()).toEqual([
    'Notes REVIEW_IN_PROGRESS',
    'Notes CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS',
    'A CREATE_COMPLETE',
    'Notes CREATE_COMPLETE',
  ]);
  const { StackResources } = await cfn.describeStackResources({ StackName: 'Notes' });
  expect(StackResources).toMatchObject([{ PhysicalResourceId: 'A-1', ResourceStatus: 'CREATE_COMPLETE' }]);
  const { TemplateBody } = await cfn.getTemplate({ StackName: 'Notes' });
  expect(JSON.parse(TemplateBody!).Resources).toEqual({ A: put('one') });
});

it('says of each change whether another resource takes the place of the one there', async () => {
  await deploy({ A: put({ Ref: 'R' }), B: put('b'), R: revision('one') }, create);
  const { Changes = [] } = await cfn.describeChangeSet(
    await changeSet({ A: put({ Ref: 'R' }), R: revision('two'), C: put('c') }),
  );
  const told = Changes.map(({ ResourceChange: one }) => [
    one!.LogicalResourceId,
    one!.Action,
    one!.Replacement,
  ]);
  expect(told).toEqual([
    ['R', 'Modify', 'True'],
    ['A', 'Modify', 'False'],
    ['C', 'Add', undefined],
    ['B', 'Remove', undefined],
  ]);
});

it('refuses a change set that would change nothing in the words that the CDK knows it by', async () => {
  await deploy({ A: put('one') }, create);
  expect(await cfn.describeChangeSet(await changeSet({ A: put('one') }))).toMatchObject({
    Status: 'FAILED',
    StatusReason: expect.stringContaining("didn't contain changes"),
  });
});

it('puts back what an update that fails has changed, replaced, made and not yet removed', async () => {
  await deploy({ A: put('one'), R: revision('one'), Old: put('old') }, create);
  const before = [...there].sort();
  const stack = await deploy({
    A: put('two'),
    R: revision('two'),
    New: put('new'),
    Last: put('bad', { DependsOn: ['A', 'R', 'New'] }),
  });
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([...there].sort()).toEqual(before);
  const { StackEvents = [] } = await cfn.describeStackEvents({ StackName: 'Notes' });
  expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toMatchObject({
    LogicalResourceId: 'Last',
    ResourceStatusReason: expect.stringContaining('the name is bad'),
  });
  // and the stack can be changed as if nothing had happened
  expect((await deploy({ A: put('three') })).StackStatus).toBe('UPDATE_COMPLETE');
  expect([...there]).toEqual([['A-1', 'three']]);
});

it('puts back what was changed in place when that very change fails', async () => {
  await deploy({ A: put('one') }, create);
  expect((await deploy({ A: put('bad') })).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([...there]).toEqual([['A-1', 'one']]);
});

it('leaves nothing of a stack whose creation fails, which can only be deleted', async () => {
  const stack = await deploy({ A: put('one'), B: put('bad', { DependsOn: 'A' }) }, create);
  expect(stack).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect([...there]).toEqual([]);
  await expect(changeSet({ A: put('one') })).rejects.toThrow('is in ROLLBACK_COMPLETE state');
  await cfn.deleteStack({ StackName: 'Notes' });
  expect((await settled(stack.StackId)).StackStatus).toBe('DELETE_COMPLETE');
  await expect(cfn.describeStacks({ StackName: 'Notes' })).rejects.toThrow(
    'Stack with id Notes does not exist',
  );
});

it('leaves a stack where it failed when it is asked to, and puts it back later', async () => {
  await deploy({ A: put('one') }, create);
  const named = await changeSet({ A: put('two'), B: put('bad', { DependsOn: 'A' }) });
  await cfn.executeChangeSet({ ...named, DisableRollback: true });
  expect((await settled()).StackStatus).toBe('UPDATE_FAILED');
  expect([...there]).toEqual([['A-1', 'two']]);
  await cfn.rollbackStack({ StackName: 'Notes' });
  expect((await settled()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([...there]).toEqual([['A-1', 'one']]);
});

it('deletes a stack but for what its policies keep, and not while another one imports from it', async () => {
  const Outputs = { Out: { Value: { Ref: 'A' }, Export: { Name: 'notes' } } };
  const { StackId } = await deploy(
    { A: put('one'), Kept: put('kept', { DeletionPolicy: 'Retain' }) },
    { ...create, Outputs },
  );
  await cfn.createStack({
    StackName: 'User',
    TemplateBody: JSON.stringify({ Resources: { B: put({ 'Fn::ImportValue': 'notes' }) } }),
  });
  await settled('User');
  expect((await cfn.listImports({ ExportName: 'notes' })).Imports).toEqual(['User']);
  await expect(cfn.deleteStack({ StackName: 'Notes' })).rejects.toThrow('in use by User');
  const { StackId: user } = (await cfn.describeStacks({ StackName: 'User' })).Stacks![0]!;
  await cfn.deleteStack({ StackName: 'User' });
  await settled(user);
  await cfn.updateTerminationProtection({ StackName: 'Notes', EnableTerminationProtection: true });
  await expect(cfn.deleteStack({ StackName: 'Notes' })).rejects.toThrow('TerminationProtection');
  await cfn.updateTerminationProtection({ StackName: 'Notes', EnableTerminationProtection: false });
  await cfn.deleteStack({ StackName: 'Notes' });
  await settled(StackId);
  expect([...there.values()]).toEqual(['kept']);
});

it('refuses everything that has no local part at once, with its place, before anything is there', async () => {
  const Metadata = { 'aws:cdk:path': 'Notes/Stream/Resource' };
  const Resources = {
    A: put('one'),
    S: { Type: 'AWS::Kinesis::Stream', Metadata },
    Q: { Type: 'AWS::MSK::Cluster' },
    F: put('foreign'),
    G: put({ Ref: 'A' }),
  };
  const refused = changeSet(Resources, create);
  await expect(refused).rejects.toThrow('/Resources/S AWS::Kinesis::Stream (Notes/Stream/Resource)');
  await expect(refused).rejects.toThrow(
    '/Resources/Q AWS::MSK::Cluster, /Resources/F Test::Put: no foreign names;',
  );
  await expect(cfn.describeStacks({ StackName: 'Notes' })).rejects.toThrow('does not exist');
  expect([...there]).toEqual([]);
});

it('tells what somebody else has changed or ended since', async () => {
  await deploy({ A: put('one'), B: put('b'), C: put('c') }, create);
  there.set('A-1', 'by hand');
  there.delete('B-2');
  const { StackDriftDetectionId } = await cfn.detectStackDrift({ StackName: 'Notes' });
  expect(await cfn.describeStackDriftDetectionStatus({ StackDriftDetectionId })).toMatchObject({
    DetectionStatus: 'DETECTION_COMPLETE',
    StackDriftStatus: 'DRIFTED',
    DriftedStackResourceCount: 2,
  });
  const { StackResourceDrifts = [] } = await cfn.describeStackResourceDrifts({ StackName: 'Notes' });
  expect(StackResourceDrifts).toMatchObject([
    {
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [{ PropertyPath: '/Name', ExpectedValue: 'one', ActualValue: 'by hand' }],
    },
    { StackResourceDriftStatus: 'DELETED', LogicalResourceId: 'B' },
    { StackResourceDriftStatus: 'IN_SYNC', LogicalResourceId: 'C' },
  ]);
});

it('wants the roles of a template acknowledged', async () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'reader' } };
  await expect(changeSet({ role }, { ...create, Capabilities: ['CAPABILITY_IAM'] })).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  });
  const named = await changeSet({ role }, { ...create, Capabilities: ['CAPABILITY_NAMED_IAM'] });
  expect(await cfn.describeChangeSet(named)).toMatchObject({ Status: 'CREATE_COMPLETE' });
});

it('reads templates in YAML with the short forms of functions, from a bucket, with parameters', async () => {
  const body = `
Parameters:
  Stage: { Type: String, AllowedValues: [test, live] }
  Secret: { Type: String, NoEcho: true, Default: x }
Resources:
  A:
    Type: Test::Put
    Properties:
      Name: !Join ["-", [!Ref Stage, !Sub "\${AWS::StackName}", 2012-10-17]]
Outputs:
  Name: { Value: !GetAtt A.Name }
`;
  objects.set('assets/notes.yaml', body);
  const TemplateURL = 'https://s3.eu-west-1.amazonaws.com/assets/notes.yaml';
  const request = { StackName: 'Notes', TemplateURL };
  await expect(cfn.createStack(request)).rejects.toThrow('parameter Stage has neither');
  const given = (ParameterValue: string) => [{ ParameterKey: 'Stage', ParameterValue }];
  await expect(cfn.createStack({ ...request, Parameters: given('no') })).rejects.toThrow('test, live');
  await cfn.createStack({ ...request, Parameters: given('test') });
  expect(await settled()).toMatchObject({
    Outputs: [{ OutputKey: 'Name', OutputValue: 'test-Notes-2012-10-17' }],
    Parameters: [
      { ParameterKey: 'Stage', ParameterValue: 'test' },
      { ParameterKey: 'Secret', ParameterValue: '****' },
    ],
  });
});

import { createAuthorise } from '../../../../local/iam';
import { roleArn } from '../../../../local/names';
import { createIam, type Iam } from '../../../../local/services/iam';
import { endpointWith, refusal, send } from '../../endpoint/fixture';

const context = { logicalId: 'X', name: 'physical-name', metadata: {} };
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const describe1 = { Sid: 'Look', Effect: 'Allow', Action: 'rds:DescribeDBInstances', Resource: '*' };
const snapshot = { Effect: 'Allow', Action: 'rds:CreateDBSnapshot', Resource: '*' };
const trust = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

const make = (iam: Iam, type: string, properties: object) =>
  iam.resources?.[`AWS::IAM::${type}`]?.(properties, context);

function withRole(properties: object = {}) {
  const iam = createIam();
  make(iam, 'Role', { RoleName: 'green', AssumeRolePolicyDocument: trust, ...properties });
  return { iam, arn: roleArn('green') };
}

test('a role is made with its ARN, its trust and its inline policies', async () => {
  const iam = createIam();
  const made = await make(iam, 'Role', {
    AssumeRolePolicyDocument: trust,
    Policies: [{ PolicyName: 'inline', PolicyDocument: document(describe1) }],
  });
  expect(made).toEqual({
    ref: 'physical-name',
    attributes: { Arn: roleArn('physical-name'), RoleId: expect.any(String) },
  });
  expect(iam.roles()).toEqual([
    {
      name: 'physical-name',
      arn: roleArn('physical-name'),
      trust,
      statements: [{ index: 0, policy: 'inline', statement: describe1 }],
    },
  ]);
});

test('policies of all kinds end up as statements of the roles they are attached to', async () => {
  const { iam, arn } = withRole();
  await make(iam, 'Policy', { PolicyName: 'p', PolicyDocument: document(describe1), Roles: ['green'] });
  const managed = await make(iam, 'ManagedPolicy', { PolicyDocument: document(snapshot), Roles: ['green'] });
  expect(iam.statementsOf(arn)).toEqual([describe1, snapshot]);
  await make(iam, 'Role', { RoleName: 'other', ManagedPolicyArns: [managed?.ref] });
  expect(iam.statementsOf(roleArn('other'))).toEqual([snapshot]);
  expect(iam.statementsOf(roleArn('nobody'))).toEqual([]);
});

test.each([
  'AWSLambdaBasicExecutionRole',
  'AWSLambdaVPCAccessExecutionRole',
  'AmazonECSTaskExecutionRolePolicy',
  'AmazonRDSEnhancedMonitoringRole',
])('the managed policy %s of AWS is known and lets logs be written', (name) => {
  const { iam, arn } = withRole({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/service-role/${name}`] });
  const actions = iam.statementsOf(arn).flatMap(({ Action }) => Action);
  expect(actions).toContain('logs:PutLogEvents');
});

test.each<[string, object, string]>([
  [
    'Role',
    { ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] },
    'policy/PowerUserAccess is not known',
  ],
  ['Role', { RoleName: 'r', PermissionsBoundary: 'arn:b' }, 'r has a PermissionsBoundary'],
  ['Policy', { PolicyDocument: document(snapshot), Users: ['u'] }, 'for users or groups'],
  [
    'Policy',
    { PolicyDocument: document(snapshot), Roles: ['absent'] },
    'the role absent, which does not exist',
  ],
  [
    'Policy',
    { PolicyDocument: document({ ...snapshot, Effect: 'allow' }) },
    'statement 0 is refused: its Effect is "allow"',
  ],
  ['Policy', { PolicyDocument: document({ Effect: 'Allow', Resource: '*' }) }, 'either Action or NotAction'],
  [
    'Policy',
    { PolicyDocument: document({ Effect: 'Allow', Action: '*' }) },
    'either Resource or NotResource',
  ],
  [
    'Policy',
    { PolicyDocument: document({ ...snapshot, Resource: ['*', 'shop'] }) },
    'its resource "shop" is neither an ARN nor "*"',
  ],
  [
    'Policy',
    { PolicyDocument: document({ ...describe1, Condition: { IpAddress: {} } }) },
    'statement Look is refused: the local cloud does not evaluate the operator IpAddress',
  ],
  [
    'Policy',
    { PolicyDocument: document({ ...snapshot, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }) },
    'does not know the condition key aws:SourceVpc',
  ],
])('%s: what cannot be evaluated is refused by name: %j', (type, properties, problem) => {
  expect(() => make(createIam(), type, properties)).toThrow(problem);
});

test('a statement that is taken away is missed until it is put back, and the others keep their numbers', async () => {
  const { iam, arn } = withRole({
    Policies: [{ PolicyName: 'p', PolicyDocument: document(describe1, snapshot) }],
  });
  const putBack = iam.removeStatement(arn, 0);
  expect(iam.roles()[0]?.statements).toEqual([{ index: 1, policy: 'p', statement: snapshot }]);
  expect(iam.statementsOf(arn)).toEqual([snapshot]);
  putBack();
  expect(iam.statementsOf(arn)).toEqual([describe1, snapshot]);
  expect(() => iam.removeStatement(arn, 2)).toThrow(`the role ${arn} has no statement 2`);
});

test('through the wire, a role may do what its statements say, and the statements that were needed are known', async () => {
  const { iam, arn } = withRole({
    Policies: [{ PolicyName: 'p', PolicyDocument: document(describe1, snapshot) }],
  });
  const rds = { DescribeDBInstances: () => ({}), DeleteDBSnapshot: () => ({}) };
  const { endpoint } = await endpointWith(
    { rds },
    {
      authorise: createAuthorise(iam, {
        rolesOf: () => [],
        machineOf: () => undefined,
        keyOf: () => undefined,
      }),
      callerOf: (accessKeyId) => ({ accessKeyId, roleArn: arn }),
    },
  );
  await send(endpoint.url, ['rds', 'DescribeDBInstances'], {});
  expect(iam.neededStatements()).toEqual([{ roleArn: arn, index: 0 }]);
  const deletion = send(endpoint.url, ['rds', 'DeleteDBSnapshot'], { DBSnapshotIdentifier: 'before' });
  expect(await refusal(deletion)).toMatchObject({
    name: 'AccessDenied',
    status: 403,
    message:
      'User: arn:aws:sts::000000000000:assumed-role/green/tester is not authorized to perform: rds:DeleteDBSnapshot on resource: arn:aws:rds:eu-west-1:000000000000:snapshot:before because no identity-based policy allows the rds:DeleteDBSnapshot action',
  });
  iam.removeStatement(arn, 0);
  expect(await refusal(send(endpoint.url, ['rds', 'DescribeDBInstances'], {}))).toMatchObject({
    name: 'AccessDenied',
  });
});

test('an explicit deny says so, and the administrator may do everything', () => {
  const { iam, arn } = withRole({
    Policies: [{ PolicyName: 'p', PolicyDocument: document(snapshot, { ...snapshot, Effect: 'Deny' }) }],
  });
  const authorise = createAuthorise(iam, {
    rolesOf: () => [],
    machineOf: () => undefined,
    keyOf: () => undefined,
  });
  const input = { DBInstanceIdentifier: 'a', DBSnapshotIdentifier: 's' };
  expect(() => authorise('rds', 'CreateDBSnapshot', input, { accessKeyId: 'x', roleArn: arn })).toThrow(
    'with an explicit deny in an identity-based policy',
  );
  expect(() => authorise('rds', 'CreateDBSnapshot', input, { accessKeyId: 'x' })).not.toThrow();
});

describe('a template that changes', () => {
  const changed = (iam: Iam, type: string, ref: string, before: object, after: object) =>
    iam.updates![`AWS::IAM::${type}`]!(after, { ...context, ref, before });
  const gone = (iam: Iam, type: string, ref: string, properties: object) =>
    iam.removals![`AWS::IAM::${type}`]!(ref, properties);

  test('a policy leaves the other policies of its roles, and what it gave before is over', async () => {
    const { iam, arn } = withRole({
      Policies: [{ PolicyName: 'inline', PolicyDocument: document(describe1) }],
    });
    const before = { PolicyName: 'p', PolicyDocument: document(snapshot), Roles: ['green'] };
    const after = { ...before, PolicyDocument: document(describe1) };
    await make(iam, 'Policy', before);
    expect(iam.statementsOf(arn)).toEqual([describe1, snapshot]);
    await changed(iam, 'Policy', 'p', before, after);
    expect(iam.statementsOf(arn)).toEqual([describe1, describe1]);
    gone(iam, 'Policy', 'p', after);
    expect(iam.statementsOf(arn)).toEqual([describe1]);
  });

  test('a role keeps what policies beside it give', async () => {
    const before = { Policies: [{ PolicyName: 'inline', PolicyDocument: document(describe1) }] };
    const { iam, arn } = withRole(before);
    await make(iam, 'Policy', { PolicyName: 'p', PolicyDocument: document(snapshot), Roles: ['green'] });
    await changed(iam, 'Role', 'green', before, { RoleName: 'green', AssumeRolePolicyDocument: trust });
    expect(iam.statementsOf(arn)).toEqual([snapshot]);
    gone(iam, 'Role', 'green', {});
    expect(iam.roles()).toEqual([]);
  });

  test('a managed policy changes the roles that name it as well', async () => {
    const { iam, arn } = withRole();
    const before = { PolicyDocument: document(snapshot), Roles: ['green'] };
    const managed = await make(iam, 'ManagedPolicy', before);
    await make(iam, 'Role', { RoleName: 'other', ManagedPolicyArns: [managed?.ref] });
    const after = { PolicyDocument: document(describe1), Roles: [] };
    await changed(iam, 'ManagedPolicy', managed!.ref, before, after);
    expect([iam.statementsOf(arn), iam.statementsOf(roleArn('other'))]).toEqual([[], [describe1]]);
  });
});

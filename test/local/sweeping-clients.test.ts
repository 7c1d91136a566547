import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { ECS } from '@aws-sdk/client-ecs';
import { type DBInstance, paginateDescribeDBSnapshots, RDS } from '@aws-sdk/client-rds';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { paginateGetParametersByPath, SSM } from '@aws-sdk/client-ssm';
import { type Cloud, startCloud } from '../../local/cloud';
import { until } from './proxy/origin';

const FIXTURE = join(__dirname, 'fixtures/cloud');
const ACCOUNT = 'eu-west-1:000000000000';
const SWEEPER = [
  { Action: 'rds:DescribeDBSnapshots', Resource: `arn:aws:rds:${ACCOUNT}:snapshot:*` },
  {
    Action: 'rds:DeleteDBSnapshot',
    Resource: `arn:aws:rds:${ACCOUNT}:snapshot:*`,
    Condition: { StringEquals: { 'aws:ResourceTag/expendable': 'true' } },
  },
  { Action: ['ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'], Resource: '*' },
  { Action: 'ssm:GetParametersByPath', Resource: `arn:aws:ssm:${ACCOUNT}:parameter/shop` },
  { Action: 'dynamodb:Query', Resource: `arn:aws:dynamodb:${ACCOUNT}:table/runs` },
  {
    Action: 'secretsmanager:PutSecretValue',
    Resource: `arn:aws:secretsmanager:${ACCOUNT}:secret:shop-??????`,
  },
];

let cloud: Cloud;
const options = (accessKeyId: string) => ({
  region: cloud.region,
  endpoint: cloud.endpoint,
  credentials: { accessKeyId, secretAccessKey: 'local' },
  maxAttempts: 1,
});
const admin = () => options('admin');
const sweeper = () => options('sweeper');
const make = (service: 'iam' | 'rds', type: string, properties: object) =>
  cloud.services[service].resources![type]!(properties, { logicalId: 'Own', name: 'own', metadata: {} });
const instance = async (DBInstanceIdentifier: string): Promise<DBInstance> =>
  (await new RDS(admin()).describeDBInstances({ DBInstanceIdentifier })).DBInstances![0]!;
const available = (identifier: string) =>
  until(
    `${identifier} is available`,
    async () => (await instance(identifier)).DBInstanceStatus === 'available',
  );

beforeAll(async () => {
  cloud = await startCloud({
    assembly: FIXTURE,
    images: join(FIXTURE, 'images.json'),
    stacks: ['Data'],
    speed: 20,
  });
  await make('iam', 'AWS::IAM::Role', {
    RoleName: 'sweeper',
    Policies: [
      {
        PolicyName: 'sweeping',
        PolicyDocument: { Statement: SWEEPER.map((statement) => ({ Effect: 'Allow', ...statement })) },
      },
    ],
  });
});
afterAll(() => cloud.close());

describe('a snapshot', () => {
  const take = async (DBSnapshotIdentifier: string, Tags: { Key: string; Value: string }[]) => {
    const rds = new RDS(admin());
    await available('fixture');
    await rds.createDBSnapshot({ DBInstanceIdentifier: 'fixture', DBSnapshotIdentifier, Tags });
    await until('it is there', async () => {
      const { DBSnapshots } = await rds.describeDBSnapshots({ DBSnapshotIdentifier });
      return DBSnapshots![0]!.Status === 'available';
    });
  };

  beforeAll(async () => {
    await take('old', [{ Key: 'expendable', Value: 'true' }]);
    await take('kept', [{ Key: 'expendable', Value: 'false' }]);
  });

  test('is found by filters with its tags and its time, a page at a time', async () => {
    const found = [];
    const input = {
      SnapshotType: 'manual',
      Filters: [{ Name: 'db-instance-id', Values: ['fixture', 'other'] }],
    };
    for await (const page of paginateDescribeDBSnapshots({ client: new RDS(sweeper()), pageSize: 20 }, input))
      found.push(...page.DBSnapshots!);
    expect(found).toMatchObject([
      { DBSnapshotIdentifier: 'old', SnapshotCreateTime: expect.any(Date), TagList: [{ Key: 'expendable' }] },
      { DBSnapshotIdentifier: 'kept', TagList: [{ Key: 'expendable', Value: 'false' }] },
    ]);
    const rds = new RDS(admin());
    const none = await rds.describeDBSnapshots({
      Filters: [{ Name: 'snapshot-type', Values: ['automated'] }],
    });
    expect(none.DBSnapshots).toEqual([]);
    await expect(rds.describeDBSnapshots({ Filters: [{ Name: 'tag:x', Values: ['y'] }] })).rejects.toThrow(
      'Unrecognized filter name: tag:x',
    );
    const [{ DBSnapshotArn: ResourceName }] = found as [{ DBSnapshotArn: string }];
    await rds.addTagsToResource({ ResourceName, Tags: [{ Key: 'note', Value: 'x' }] });
    await rds.removeTagsFromResource({ ResourceName, TagKeys: ['note', 'none'] });
    expect((await rds.listTagsForResource({ ResourceName })).TagList).toEqual([
      { Key: 'expendable', Value: 'true' },
    ]);
  });

  test('is restored with every parameter that is given, and with RDS’s defaults for those that are not', async () => {
    await make('rds', 'AWS::RDS::DBParameterGroup', {
      DBParameterGroupName: 'own-parameters',
      Family: 'postgres18',
      Parameters: { max_connections: '42' },
    });
    const rds = new RDS(admin());
    const { DBSubnetGroup: { DBSubnetGroupName } = {} } = await instance('fixture');
    const restore = { DBSnapshotIdentifier: 'kept', DBInstanceIdentifier: 'copy' };
    await expect(
      rds.restoreDBInstanceFromDBSnapshot({ ...restore, DBSubnetGroupName: 'none' }),
    ).rejects.toMatchObject({ name: 'DBSubnetGroupNotFoundFault' });
    await expect(
      rds.restoreDBInstanceFromDBSnapshot({ ...restore, OptionGroupName: 'own' }),
    ).rejects.toMatchObject({ name: 'OptionGroupNotFoundFault' });
    await rds.restoreDBInstanceFromDBSnapshot({
      ...restore,
      DBInstanceClass: 'db.r8g.large',
      DBSubnetGroupName,
      DBParameterGroupName: 'own-parameters',
      OptionGroupName: 'default:postgres-18',
      VpcSecurityGroupIds: ['sg-1', 'sg-2'],
      MultiAZ: true,
      EnableIAMDatabaseAuthentication: true,
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: false,
      AllocatedStorage: 100,
      StorageType: 'io2',
      Iops: 3000,
      EnableCloudwatchLogsExports: ['postgresql'],
      BackupRetentionPeriod: 7,
      Tags: [{ Key: 'restored', Value: 'yes' }],
    });
    expect(await instance('copy')).toMatchObject({
      DBInstanceStatus: 'creating',
      DBInstanceClass: 'db.r8g.large',
      DBSubnetGroup: { DBSubnetGroupName },
      DBParameterGroups: [{ DBParameterGroupName: 'own-parameters', ParameterApplyStatus: 'in-sync' }],
      OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-18' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }, { VpcSecurityGroupId: 'sg-2' }],
      MultiAZ: true,
      IAMDatabaseAuthenticationEnabled: true,
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
      AutoMinorVersionUpgrade: false,
      AllocatedStorage: 100,
      StorageType: 'io2',
      Iops: 3000,
      EnabledCloudwatchLogsExports: ['postgresql'],
      BackupRetentionPeriod: 7,
      TagList: [{ Key: 'restored', Value: 'yes' }],
    });
    await rds.restoreDBInstanceFromDBSnapshot({ ...restore, DBInstanceIdentifier: 'bare' });
    expect(await instance('bare')).toMatchObject({
      DBSubnetGroup: { DBSubnetGroupName: 'default' },
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres18' }],
      MultiAZ: false,
      IAMDatabaseAuthenticationEnabled: false,
      DeletionProtection: false,
    });
    await available('bare');
  });

  test('of which a copy was made leaves an instance that can be changed and take over another’s name', async () => {
    const rds = new RDS(admin());
    await available('copy');
    const copy = { DBInstanceIdentifier: 'copy', ApplyImmediately: true };
    await rds.modifyDBInstance({ ...copy, MultiAZ: false, VpcSecurityGroupIds: ['sg-3'] });
    await rds.modifyDBInstance({ DBInstanceIdentifier: 'copy', DBParameterGroupName: 'default.postgres18' });
    expect(await instance('copy')).toMatchObject({
      MultiAZ: false,
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-3' }],
      DBParameterGroups: [
        { DBParameterGroupName: 'default.postgres18', ParameterApplyStatus: 'pending-reboot' },
      ],
    });
    await rds.rebootDBInstance({ DBInstanceIdentifier: 'copy' });
    await available('copy');
    expect((await instance('copy')).DBParameterGroups).toMatchObject([{ ParameterApplyStatus: 'in-sync' }]);
    await rds.modifyDBInstance({
      DBInstanceIdentifier: 'fixture',
      NewDBInstanceIdentifier: 'fixture-old',
      ApplyImmediately: true,
    });
    await rds.modifyDBInstance({ ...copy, NewDBInstanceIdentifier: 'fixture' });
    expect((await instance('fixture')).TagList).toEqual([{ Key: 'restored', Value: 'yes' }]);
  });

  test('is deleted only where its tag is what the role’s policy asks for', async () => {
    const rds = new RDS(sweeper());
    await rds.deleteDBSnapshot({ DBSnapshotIdentifier: 'old' });
    await expect(rds.deleteDBSnapshot({ DBSnapshotIdentifier: 'kept' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('rds:DeleteDBSnapshot on resource: arn:aws:rds:eu-west-1'),
    });
    const { DBSnapshots } = await rds.describeDBSnapshots({});
    expect(DBSnapshots!.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier)).toEqual(['kept']);
  });
});

test('task definitions are listed a page at a time, and one that is deregistered is no longer active', async () => {
  const ecs = new ECS(admin());
  const containerDefinitions = [{ name: 'app', image: 'app', memory: 64 }];
  for (let n = 0; n < 3; n++) await ecs.registerTaskDefinition({ family: 'shop', containerDefinitions });
  const list = (more: object = {}) =>
    new ECS(sweeper()).listTaskDefinitions({ familyPrefix: 'shop', sort: 'DESC', ...more });
  const first = await list({ maxResults: 2 });
  const second = await list({ maxResults: 2, nextToken: first.nextToken });
  const revisions = ({ taskDefinitionArns = [] }: { taskDefinitionArns?: string[] }) =>
    taskDefinitionArns.map((arn: string) => arn.split(':').at(-1));
  expect([revisions(first), revisions(second), second.nextToken]).toEqual([['3', '2'], ['1'], undefined]);
  const { taskDefinition } = await new ECS(sweeper()).deregisterTaskDefinition({ taskDefinition: 'shop:1' });
  expect(taskDefinition!.status).toBe('INACTIVE');
  expect(revisions(await list())).toEqual(['3', '2']);
  expect(revisions(await list({ status: 'INACTIVE' }))).toEqual(['1']);
});

test('a secret gets a new value, and keeps the one before', async () => {
  const secrets = new SecretsManager(admin());
  await secrets.createSecret({ Name: 'shop', SecretString: 'one' });
  await new SecretsManager(sweeper()).putSecretValue({ SecretId: 'shop', SecretString: 'two' });
  const value = async (VersionStage?: string) =>
    (await secrets.getSecretValue({ SecretId: 'shop', VersionStage })).SecretString;
  expect([await value(), await value('AWSPREVIOUS')]).toEqual(['two', 'one']);
  await expect(new SecretsManager(sweeper()).getSecretValue({ SecretId: 'shop' })).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('parameters are read by path, ten at a time', async () => {
  const ssm = new SSM(admin());
  for (let n = 10; n < 35; n++)
    await ssm.putParameter({ Name: `/shop/p${n}`, Value: String(n), Type: 'String' });
  const pages: string[][] = [];
  for await (const { Parameters } of paginateGetParametersByPath(
    { client: new SSM(sweeper()) },
    { Path: '/shop' },
  ))
    pages.push(Parameters!.map(({ Value }) => Value!));
  expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
  expect(pages.flat()).toEqual(Array.from({ length: 25 }, (_, n) => String(n + 10)));
  await expect(ssm.getParametersByPath({ Path: 'shop' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(new SSM(sweeper()).getParametersByPath({ Path: '/' })).rejects.toThrow('not authorized');
});

test('a table is queried by its key, in order, a page at a time', async () => {
  const dynamodb = new DynamoDB(admin());
  await dynamodb.createTable({
    TableName: 'runs',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'service', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'service', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
    ],
  });
  for (const at of ['3', '1', '2', '4'])
    await dynamodb.putItem({ TableName: 'runs', Item: { service: { S: 'shop' }, at: { N: at } } });
  await dynamodb.putItem({ TableName: 'runs', Item: { service: { S: 'other' }, at: { N: '9' } } });
  const query = {
    TableName: 'runs',
    KeyConditionExpression: 'service = :s AND #at >= :from',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':s': { S: 'shop' }, ':from': { N: '2' } },
    ScanIndexForward: false,
  };
  const { Items = [], LastEvaluatedKey } = await new DynamoDB(sweeper()).query({ ...query, Limit: 2 });
  const rest = await new DynamoDB(sweeper()).query({ ...query, ExclusiveStartKey: LastEvaluatedKey });
  expect([...Items, ...rest.Items!].map(({ at }) => at!.N)).toEqual(['4', '3', '2']);
  await expect(new DynamoDB(sweeper()).scan({ TableName: 'runs' })).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

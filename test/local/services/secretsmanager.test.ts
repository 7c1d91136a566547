import { createSecretsManager } from '../../../local/services/secretsmanager';
import { generatePassword } from '../../../local/services/secretsmanager/password';
import { manualClock } from '../manual-clock';

const caller = { accessKeyId: 'test' };
const database = {
  identifier: 'shop',
  host: '127.0.0.1',
  port: 5433,
  databaseName: 'shop',
  engine: 'postgres',
};

function setUp() {
  const secrets = createSecretsManager({
    clock: manualClock(),
    databases: {
      endpointOf: (instance) => (instance === 'shop' ? database : undefined),
      clusterEndpointOf: (cluster) =>
        cluster === 'aurora' ? { ...database, identifier: cluster } : undefined,
    },
  });
  const call = (operation: string, input: unknown) => secrets.operations[operation]!(input, caller);
  const make = (type: string, properties: unknown) =>
    secrets.resources![`AWS::SecretsManager::${type}`]!(properties, {
      logicalId: 'Secret',
      name: 'stack-Secret',
      metadata: {},
    }) as { ref: string };
  const login = () =>
    make('Secret', {
      Name: 'shop/login',
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"app"}',
        GenerateStringKey: 'password',
        PasswordLength: 30,
        ExcludeCharacters: '"@/\\ ',
      },
    }).ref;
  return { secrets, call, make, login };
}

describe('a secret', () => {
  it('has an ARN with six random characters and is found by name, ARN and ARN without them', () => {
    const { call, login } = setUp();
    const arn = login();
    expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop\/login-\w{6}$/);
    for (const SecretId of ['shop/login', arn, arn.slice(0, -7)])
      expect(call('GetSecretValue', { SecretId })).toMatchObject({ ARN: arn, VersionStages: ['AWSCURRENT'] });
    expect(() => call('GetSecretValue', { SecretId: 'shop/logi' })).toThrow(
      "Secrets Manager can't find the specified secret.",
    );
  });

  it('keeps the previous version when a new one is put', () => {
    const { call, login, secrets } = setUp();
    const SecretId = login();
    const first = call('GetSecretValue', { SecretId }).SecretString;
    const { VersionId } = call('PutSecretValue', { SecretId, SecretString: '{"password":"new"}' });
    expect(secrets.value(`${SecretId}:password::`)).toBe('new');
    expect(call('GetSecretValue', { SecretId, VersionStage: 'AWSPREVIOUS' }).SecretString).toBe(first);
    call('UpdateSecret', { SecretId, SecretString: 'third' });
    expect(call('GetSecretValue', { SecretId, VersionStage: 'AWSPREVIOUS' }).VersionId).toBe(VersionId);
    expect(Object.values(call('DescribeSecret', { SecretId }).VersionIdsToStages)).toEqual(
      expect.arrayContaining([['AWSCURRENT'], ['AWSPREVIOUS']]),
    );
  });

  it('gets where its database answers when it is attached to one', () => {
    const { call, login, make } = setUp();
    const SecretId = login();
    const attach = (TargetId: string, TargetType = 'AWS::RDS::DBInstance') =>
      make('SecretTargetAttachment', { SecretId, TargetId, TargetType });
    expect(attach('shop').ref).toBe(SecretId);
    expect(JSON.parse(call('GetSecretValue', { SecretId }).SecretString)).toEqual({
      username: 'app',
      password: expect.any(String),
      engine: 'postgres',
      host: '127.0.0.1',
      port: 5433,
      dbname: 'shop',
      dbInstanceIdentifier: 'shop',
    });
    expect(() => attach('gone')).toThrow('there is no database gone');
    attach('aurora', 'AWS::RDS::DBCluster');
    expect(JSON.parse(call('GetSecretValue', { SecretId }).SecretString)).toMatchObject({
      port: 5433,
      dbClusterIdentifier: 'aurora',
    });
    expect(() => attach('shop', 'AWS::Redshift::Cluster')).toThrow('AWS::Redshift::Cluster');
  });

  it('takes a token once: again with the same value it is the same version, with another it is refused', () => {
    const { call, login } = setUp();
    const SecretId = login();
    const put = (SecretString: string, operation = 'PutSecretValue') =>
      call(operation, { SecretId, SecretString, ClientRequestToken: 'a'.repeat(32) });
    expect(put('one').VersionId).toBe('a'.repeat(32));
    expect(put('one', 'UpdateSecret').VersionId).toBe('a'.repeat(32));
    for (const operation of ['PutSecretValue', 'UpdateSecret'])
      expect(() => put('two', operation)).toThrow(
        expect.objectContaining({ name: 'ResourceExistsException' }),
      );
    expect(call('GetSecretValue', { SecretId }).SecretString).toBe('one');
  });

  it('has no version before it has a value', () => {
    const { call } = setUp();
    const { ARN, VersionId } = call('CreateSecret', { Name: 'empty' });
    expect(VersionId).toBeUndefined();
    expect(call('DescribeSecret', { SecretId: ARN }).VersionIdsToStages).toBeUndefined();
    expect(() => call('GetSecretValue', { SecretId: ARN })).toThrow('staging label: AWSCURRENT');
    call('PutSecretValue', { SecretId: ARN, SecretString: 'x' });
    expect(call('GetSecretValue', { SecretId: ARN }).SecretString).toBe('x');
  });

  it('holds a text or bytes, one of them', () => {
    const { call } = setUp();
    const SecretBinary = Buffer.from([0, 255]);
    call('CreateSecret', { Name: 'bytes', SecretBinary });
    expect(call('GetSecretValue', { SecretId: 'bytes' })).toMatchObject({ SecretBinary });
    expect(() => call('PutSecretValue', { SecretId: 'bytes' })).toThrow(
      expect.objectContaining({ name: 'InvalidRequestException' }),
    );
    expect(() => call('UpdateSecret', { SecretId: 'bytes', SecretBinary, SecretString: 'x' })).toThrow(
      expect.objectContaining({ name: 'InvalidParameterException' }),
    );
  });

  it('is refused with a name of other characters, or one that is taken', () => {
    const { call, login } = setUp();
    login();
    expect(() => call('CreateSecret', { Name: 'a b' })).toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
    expect(() => call('CreateSecret', { Name: 'shop/login' })).toThrow(
      expect.objectContaining({ name: 'ResourceExistsException' }),
    );
  });

  it('is listed by its name, description and tags, a page at a time', () => {
    const { call } = setUp();
    call('CreateSecret', {
      Name: 'shop/a',
      Description: 'Of the shop',
      Tags: [{ Key: 'team', Value: 'web' }],
    });
    call('CreateSecret', { Name: 'shop/b' });
    call('CreateSecret', { Name: 'other' });
    const names = (Key: string, ...Values: string[]) =>
      call('ListSecrets', { Filters: [{ Key, Values }] }).SecretList.map(
        ({ Name }: { Name: string }) => Name,
      );
    expect(names('name', 'shop/')).toEqual(['shop/a', 'shop/b']);
    expect(names('name', '!shop/')).toEqual(['other']);
    expect(names('description', 'OF')).toEqual(['shop/a']);
    expect(names('tag-value', 'web')).toEqual(['shop/a']);
    const { SecretList, NextToken } = call('ListSecrets', { MaxResults: 2 });
    expect([SecretList.length, call('ListSecrets', { NextToken }).SecretList.length]).toEqual([2, 1]);
  });

  it('is not rotated, and says so', () => {
    expect(() => setUp().make('RotationSchedule', {})).toThrow('AWS::SecretsManager::RotationSchedule');
  });
});

describe('a reference to a secret', () => {
  it('of a task definition names a key, a stage and a version, each optional', () => {
    const { secrets, login, call } = setUp();
    const arn = login();
    const { VersionId, SecretString } = call('GetSecretValue', { SecretId: arn });
    const { password } = JSON.parse(SecretString);
    expect(secrets.value(arn)).toBe(SecretString);
    expect(secrets.value(`${arn}:username::`)).toBe('app');
    expect(secrets.value(`${arn}:password:AWSCURRENT:`)).toBe(password);
    expect(secrets.value(`${arn}:password::${VersionId}`)).toBe(password);
    expect(() => secrets.value(`${arn}:missing::`)).toThrow('did not contain json key missing');
    expect(() => secrets.value(`${arn}:password:AWSPENDING:`)).toThrow('staging label: AWSPENDING');
  });

  it('of a template is resolved by ARN and by name', () => {
    const { secrets, login } = setUp();
    const arn = login();
    expect(secrets.resolveDynamic(`{{resolve:secretsmanager:${arn}:SecretString:username::}}`)).toBe('app');
    expect(secrets.resolveDynamic('{{resolve:secretsmanager:shop/login:SecretString:username}}')).toBe('app');
    expect(JSON.parse(secrets.resolveDynamic(`{{resolve:secretsmanager:${arn}}}`))).toHaveProperty(
      'password',
    );
    expect(() => secrets.resolveDynamic('{{resolve:ssm:x}}')).toThrow('is no reference to a secret');
  });
});

describe('a generated password', () => {
  const many = (options: Parameters<typeof generatePassword>[0]) =>
    Array.from({ length: 200 }, () => generatePassword(options));

  it('has the asked length and every type of character', () => {
    for (const password of many({ PasswordLength: '8' })) {
      expect(password).toHaveLength(8);
      for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(password).toMatch(type);
    }
    expect(generatePassword({})).toHaveLength(32);
  });

  it('holds nothing that is excluded', () => {
    for (const password of many({
      ExcludePunctuation: true,
      ExcludeUppercase: 'true',
      ExcludeCharacters: 'abc012',
    }))
      expect(password).toMatch(/^[d-z3-9]{32}$/);
  });

  it('is refused when nothing is left to make it of', () => {
    const nothing = {
      ExcludePunctuation: true,
      ExcludeUppercase: true,
      ExcludeLowercase: true,
      ExcludeNumbers: true,
    };
    expect(() => generatePassword(nothing)).toThrow('excludes every one');
    expect(() => generatePassword({ PasswordLength: 3 })).toThrow('cannot hold every type');
  });
});

it('moves a label only away from the version that has it, and AWSCURRENT leaves AWSPREVIOUS behind', () => {
  const { call } = setUp();
  const id = (n: number) => `0000000000000000000000000000000${n}`;
  const put = (n: number, VersionStages?: string[]) =>
    call('PutSecretValue', {
      SecretId: 's',
      SecretString: `v${n}`,
      ClientRequestToken: id(n),
      VersionStages,
    });
  const move = (VersionStage: string, to: number | undefined, from: number | undefined) =>
    call('UpdateSecretVersionStage', {
      SecretId: 's',
      VersionStage,
      MoveToVersionId: to && id(to),
      RemoveFromVersionId: from && id(from),
    });
  const value = (VersionStage: string) =>
    (call('GetSecretValue', { SecretId: 's', VersionStage }) as { SecretString: string }).SecretString;
  call('CreateSecret', { Name: 's', SecretString: 'v1', ClientRequestToken: id(1) });
  put(2, ['NEXT']);
  expect([value('AWSCURRENT'), value('NEXT')]).toEqual(['v1', 'v2']);
  const refused = expect.objectContaining({ name: 'InvalidParameterException' });
  expect(() => move('AWSCURRENT', 2, undefined)).toThrow(refused);
  expect(() => move('AWSCURRENT', 2, 2)).toThrow(refused);
  expect(() => move('AWSCURRENT', undefined, 1)).toThrow(refused);
  move('AWSCURRENT', 2, 1);
  expect([value('AWSCURRENT'), value('AWSPREVIOUS'), value('NEXT')]).toEqual(['v2', 'v1', 'v2']);
  move('NEXT', undefined, 2);
  expect(() => value('NEXT')).toThrow(expect.objectContaining({ name: 'ResourceNotFoundException' }));
});

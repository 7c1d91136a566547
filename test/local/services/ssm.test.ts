import { createSsm } from '../../../local/services/ssm';
import { manualClock } from '../manual-clock';

const caller = { accessKeyId: 'test' };

function setUp() {
  const ssm = createSsm({ clock: manualClock() });
  const call = (operation: string, input: unknown) => ssm.operations[operation]!(input, caller);
  const put = (Name: string, Value: string, more = {}) =>
    call('PutParameter', { Name, Value, Type: 'String', ...more });
  return { ssm, call, put };
}

it('finds a parameter by name and by ARN', () => {
  const { ssm, call, put } = setUp();
  put('/shop/image', 'v1');
  const { Parameter } = call('GetParameter', { Name: '/shop/image' });
  expect(Parameter).toMatchObject({
    Value: 'v1',
    Version: 1,
    Type: 'String',
    ARN: 'arn:aws:ssm:eu-west-1:000000000000:parameter/shop/image',
  });
  expect(call('GetParameter', { Name: Parameter.ARN }).Parameter).toEqual(Parameter);
  expect(ssm.lookup('/shop/image')).toBe('v1');
});

it('overwrites only when asked to, and counts versions', () => {
  const { call, put } = setUp();
  put('a', '1');
  expect(() => put('a', '2')).toThrow(expect.objectContaining({ name: 'ParameterAlreadyExists' }));
  expect(put('a', '2', { Overwrite: true }).Version).toBe(2);
  expect(call('GetParameter', { Name: 'a' }).Parameter.Value).toBe('2');
});

it('tells missing parameters apart from present ones', () => {
  const { call, put } = setUp();
  put('a', '1');
  expect(() => call('GetParameter', { Name: 'b' })).toThrow(
    expect.objectContaining({ name: 'ParameterNotFound' }),
  );
  const { Parameters, InvalidParameters } = call('GetParameters', { Names: ['a', 'b'] });
  expect([Parameters.length, InvalidParameters]).toEqual([1, ['b']]);
});

it('lists one level of a path, or all of it', () => {
  const { call, put } = setUp();
  for (const name of ['/shop/a', '/shop/deep/b', '/shopping/c']) put(name, 'x');
  const names = (Recursive: boolean) =>
    call('GetParametersByPath', { Path: '/shop', Recursive }).Parameters.map(
      ({ Name }: { Name: string }) => Name,
    );
  expect(names(false)).toEqual(['/shop/a']);
  expect(names(true)).toEqual(['/shop/a', '/shop/deep/b']);
});

it('knows the version of the CDK bootstrap that every template asks for', () => {
  expect(Number(setUp().ssm.lookup('/cdk-bootstrap/hnb659fds/version'))).toBeGreaterThanOrEqual(6);
});

it('creates a parameter from a template, with a name of its own when none is given', () => {
  const { ssm } = setUp();
  const make = (properties: unknown) =>
    ssm.resources!['AWS::SSM::Parameter']!(properties, {
      logicalId: 'Image',
      name: 'stack-Image',
      metadata: {},
    });
  expect(make({ Name: '/x', Type: 'String', Value: '1' })).toEqual({
    ref: '/x',
    attributes: { Type: 'String', Value: '1' },
  });
  const { ref } = make({ Type: 'String', Value: '2' }) as { ref: string };
  expect([ref, ssm.lookup(ref)]).toEqual([expect.stringMatching(/^CFN-Image-/), '2']);
});

it('gives an older version for `name:version`, of names and ARNs', () => {
  const { call, put } = setUp();
  put('/shop/a', 'one');
  put('/shop/a', 'two', { Overwrite: true });
  const { Parameter } = call('GetParameter', { Name: '/shop/a:1' });
  expect(Parameter).toMatchObject({ Name: '/shop/a', Value: 'one', Version: 1, Selector: ':1' });
  expect(call('GetParameter', { Name: `${Parameter.ARN}:2` }).Parameter.Value).toBe('two');
  expect(() => call('GetParameter', { Name: '/shop/a:3' })).toThrow(
    expect.objectContaining({ name: 'ParameterVersionNotFound' }),
  );
  const { Parameters, InvalidParameters } = call('GetParameters', { Names: ['/shop/a:1', '/shop/a:3'] });
  expect([Parameters[0].Value, InvalidParameters]).toEqual(['one', ['/shop/a:3']]);
});

it('shows a SecureString only to who asks for it to be decrypted', () => {
  const { call, put } = setUp();
  put('/shop/key', 'swordfish', { Type: 'SecureString' });
  const said = (more: object) => [
    call('GetParameter', { Name: '/shop/key', ...more }).Parameter.Value,
    call('GetParameters', { Names: ['/shop/key'], ...more }).Parameters[0].Value,
    call('GetParametersByPath', { Path: '/shop', ...more }).Parameters[0].Value,
  ];
  expect(said({ WithDecryption: true })).toEqual(['swordfish', 'swordfish', 'swordfish']);
  for (const value of said({}))
    expect(Buffer.from(value, 'base64').toString('latin1')).not.toContain('swordfish');
  expect(JSON.stringify(call('DescribeParameters', {}))).not.toContain('swordfish');
});

it('keeps values to the length of their tier, and no parameter goes back to the smaller one', () => {
  const { put } = setUp();
  const refused = (message: string) =>
    expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining(message) });
  const [fits, large, huge] = [4_096, 8_192, 8_193].map((length) => 'x'.repeat(length));
  expect(put('a', fits!).Tier).toBe('Standard');
  expect(() => put('b', large!)).toThrow(refused('maximum parameter value of 4096 characters'));
  expect(put('b', large!, { Tier: 'Advanced' }).Tier).toBe('Advanced');
  expect(put('c', large!, { Tier: 'Intelligent-Tiering' }).Tier).toBe('Advanced');
  expect(() => put('d', huge!, { Tier: 'Advanced' })).toThrow(
    refused('maximum parameter value of 8192 characters'),
  );
  expect(put('b', 'small', { Overwrite: true }).Tier).toBe('Advanced');
  expect(() => put('b', 'small', { Overwrite: true, Tier: 'Standard' })).toThrow(refused("can't downgrade"));
});

it.each([
  ['a name that begins with aws', { Name: '/aws/x' }, 'AccessDeniedException'],
  ['a name that begins with ssm', { Name: 'ssm-x' }, 'ValidationException'],
  ['other characters', { Name: '/a b' }, 'ValidationException'],
  ['an empty level', { Name: '/a//b' }, 'ValidationException'],
  ['a path that does not begin with a slash', { Name: 'a/b' }, 'ValidationException'],
  ['more than 15 levels', { Name: '/a'.repeat(16) }, 'HierarchyLevelLimitExceededException'],
  ['no type', { Type: undefined }, 'ValidationException'],
  ['no value', { Value: '' }, 'ValidationException'],
  ['a value against its pattern', { AllowedPattern: '\\d+' }, 'ParameterPatternMismatchException'],
  [
    'another type than before',
    { Name: 'there', Overwrite: true, Type: 'StringList' },
    'HierarchyTypeMismatchException',
  ],
  [
    'tags on what is there',
    { Name: 'there', Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] },
    'ValidationException',
  ],
])('refuses %s', (_, input, name) => {
  const { call, put } = setUp();
  put('there', '1');
  expect(() => call('PutParameter', { Name: '/ok', Value: 'x', Type: 'String', ...input })).toThrow(
    expect.objectContaining({ name }),
  );
});

it('describes by name, path and type, a page at a time', () => {
  const { call, put } = setUp();
  for (const name of ['/shop/a', '/shop/b', '/other']) put(name, 'x');
  put('/shop/list', 'a,b', { Type: 'StringList' });
  const names = (ParameterFilters: unknown, more = {}) =>
    call('DescribeParameters', { ParameterFilters, ...more }).Parameters.map(
      ({ Name }: { Name: string }) => Name,
    );
  expect(names([{ Key: 'Name', Option: 'BeginsWith', Values: ['/shop'] }])).toEqual([
    '/shop/a',
    '/shop/b',
    '/shop/list',
  ]);
  expect(
    names([
      { Key: 'Path', Values: ['/shop'] },
      { Key: 'Type', Values: ['StringList'] },
    ]),
  ).toEqual(['/shop/list']);
  const { NextToken } = call('DescribeParameters', { MaxResults: 2 });
  expect(names(undefined, { NextToken })).toEqual(['/other', '/shop/list']);
  expect(() => names([{ Key: 'Label', Values: ['x'] }])).toThrow(
    expect.objectContaining({ name: 'InvalidFilterKey' }),
  );
  expect(() => call('DescribeParameters', { NextToken: 'x' })).toThrow(
    expect.objectContaining({ name: 'InvalidNextToken' }),
  );
});

it('makes no SecureString of a template, as CloudFormation does not', () => {
  const make = setUp().ssm.resources!['AWS::SSM::Parameter']!;
  expect(() =>
    make({ Type: 'SecureString', Value: 'x' }, { logicalId: 'P', name: 'P', metadata: {} }),
  ).toThrow('CloudFormation creates no SecureString');
});

it('changes a parameter of a template into its next version, and another name is another parameter', () => {
  const { ssm, call } = setUp();
  const context = { logicalId: 'P', name: 'P', metadata: {} };
  const before = { Name: '/shop/x', Type: 'String', Value: 'one' };
  ssm.resources!['AWS::SSM::Parameter']!(before, context);
  const change = (properties: object) =>
    ssm.updates!['AWS::SSM::Parameter']!(properties, { ...context, ref: '/shop/x', before });
  expect(change({ ...before, Value: 'two' })).toMatchObject({ ref: '/shop/x', attributes: { Value: 'two' } });
  expect(call('GetParameter', { Name: '/shop/x' }).Parameter).toMatchObject({ Value: 'two', Version: 2 });
  expect(change({ ...before, Name: '/shop/y' })).toMatchObject({ ref: '/shop/y' });
  ssm.removals!['AWS::SSM::Parameter']!('/shop/x', before);
  expect(ssm.lookup('/shop/x')).toBeUndefined();
});

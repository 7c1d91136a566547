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

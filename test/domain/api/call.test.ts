import { callOf } from '../../../src/domain/api/call';

const now = new Date('2026-11-21T10:15:00Z');
const userArn = 'arn:aws:sts::123456789012:assumed-role/pipeline/run-7';
const event = (routeKey: string, rest: object = {}) => ({
  ...{ routeKey, requestContext: { authorizer: { iam: { userArn } } } },
  ...rest,
});
const asked = { service: 'shop', image: 'shop:v2', reason: 'a fix' };
const start = (body: unknown, rest: object = {}) =>
  callOf(event('POST /deployments', { body: JSON.stringify(body), ...rest }), now);
const said = (verb: string, body: unknown, name = 'shop-v2') =>
  callOf(
    event(`POST /deployments/{name}/${verb}`, { pathParameters: { name }, body: JSON.stringify(body) }),
    now,
  );

it('a deployment is wanted by the caller whom IAM knows, under a name that is given or made', () => {
  expect(start(asked, { queryStringParameters: { name: 'build-7' } })).toMatchObject({
    call: { operation: 'start', name: 'build-7', request: { ...asked, requestedBy: userArn } },
  });
  expect(start(asked)).toMatchObject({ call: { name: 'shop-v2-20261121-101500' } });
});

it('reads a body that comes in base64', () => {
  const body = Buffer.from(JSON.stringify({ ...asked, reason: 'für Ann' })).toString('base64');
  expect(callOf(event('POST /deployments', { body, isBase64Encoded: true }), now)).toMatchObject({
    call: { request: { reason: 'für Ann' } },
  });
});

it('lists twenty unless asked for more, and says something to one deployment for the caller', () => {
  expect(callOf(event('GET /deployments'), now)).toEqual({
    call: { operation: 'list', service: undefined, limit: 20 },
  });
  const queryStringParameters = { service: 'shop', limit: '100' };
  expect(callOf(event('GET /deployments', { queryStringParameters }), now)).toEqual({
    call: { operation: 'list', service: 'shop', limit: 100 },
  });
  expect(callOf(event('GET /deployments/{name}', { pathParameters: { name: 'shop-v2' } }), now)).toEqual({
    call: { operation: 'get', deployment: 'shop-v2' },
  });
  expect(said('approve', { reason: 'fine' })).toEqual({
    call: { operation: 'approve', deployment: 'shop-v2', by: userArn, reason: 'fine' },
  });
});

it.each([
  [
    'an image that is none',
    start({ ...asked, image: 'shop' }),
    /^body\.image: expected an image with a tag or a digest.*, received "shop"$/,
  ],
  ['another name for who asks', start({ ...asked, requestedBy: 'root' }), /^body: unknown "requestedBy"; /],
  [
    'no JSON',
    callOf(event('POST /deployments', { body: '{' }), now),
    /^body: expected object, received "\{"$/,
  ],
  ['no body', callOf(event('POST /deployments'), now), /^body: expected object, received ""$/],
  [
    'a name that no execution can have',
    start(asked, { queryStringParameters: { name: 'a b' } }),
    /^query\.name: expected letters, digits, - and _, at most 80, received "a b"$/,
  ],
  [
    'a limit that is none',
    callOf(event('GET /deployments', { queryStringParameters: { limit: '0' } }), now),
    /^query\.limit: expected a whole number from 1 to 100, received "0"$/,
  ],
  ['no reason', said('pause', {}), /^body\.reason: expected string, received nothing$/],
  ['somebody else who says so', said('approve', { reason: 'x', by: 'root' }), /^body: unknown "by"; /],
  [
    'a path that names none',
    said('approve', { reason: 'x' }, 'a b'),
    /^path\.name: expected the name of an execution, received "a b"$/,
  ],
])('names the path, the value and what was expected of %s', (_, read, expected) => {
  expect(read).toEqual({ errors: [expect.stringMatching(expected)] });
});

it('is told everything that is wrong at once', () => {
  const read = start({ service: '', reason: '' }, { queryStringParameters: { name: '' } });
  expect(read).toMatchObject({ errors: { length: 4 } });
});

it('throws for an event that IAM has not let through, and for a route that it does not have', () => {
  expect(() => callOf({ routeKey: 'GET /deployments', requestContext: {} }, now)).toThrow();
  expect(() => callOf(event('DELETE /deployments'), now)).toThrow('DELETE /deployments is no route');
});

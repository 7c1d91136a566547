import type { Caller, Invocation } from '../../../local/service';
import { createApiGateway } from '../../../local/services/apigatewayv2';
import { matching } from '../../../local/services/apigatewayv2/routes';
import { manualClock } from '../manual-clock';

const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:serve';
const events: { at: string; event: unknown }[] = [];
const asked: string[] = [];
let answer: Invocation;

const service = createApiGateway({
  clock: manualClock(),
  functions: {
    async invoke(at, event) {
      events.push({ at, event });
      return answer;
    },
  },
  callerOf: (accessKeyId): Caller => ({
    accessKeyId,
    roleArn: `arn:aws:iam::000000000000:role/${accessKeyId}`,
  }),
  mayCall({ accessKeyId }, resource) {
    asked.push(resource);
    if (accessKeyId !== 'ann') throw new Error('denied');
  },
});
const make = (type: string, properties: object, name: string) =>
  service.resources![`AWS::ApiGatewayV2::${type}`]!(properties, { logicalId: name, name, metadata: {} });
const refusal = (type: string, properties: object) =>
  service.refusals![`AWS::ApiGatewayV2::${type}`]!(properties);

const signedBy = (accessKeyId: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261121/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=0`,
});

let api: Awaited<ReturnType<typeof make>>;
beforeAll(async () => {
  api = await make('Api', { ProtocolType: 'HTTP', Name: 'shop' }, 'Shop-Api');
  const ApiId = api.ref;
  const { ref } = await make('Integration', { ApiId, IntegrationUri: FUNCTION }, 'Shop-Integration');
  const Target = `integrations/${ref}`;
  await make('Route', { ApiId, RouteKey: 'GET /open', AuthorizationType: 'NONE', Target }, 'Shop-Open');
  await make(
    'Route',
    { ApiId, RouteKey: 'POST /a/{name}/b', AuthorizationType: 'AWS_IAM', Target },
    'Shop-B',
  );
});
beforeEach(() => {
  events.length = 0;
  asked.length = 0;
  answer = { payload: { statusCode: 202, headers: { 'x-said': 'yes' }, body: 'done' } };
});
afterAll(() => service.close?.());
const send = (path: string, init?: RequestInit) => fetch(`${api.attributes!.ApiEndpoint}${path}`, init);

it('hands a request to the function of its route, with who asks, and answers what the function says', async () => {
  const init = {
    method: 'POST',
    headers: { ...signedBy('ann'), 'content-type': 'application/json' },
    body: '{}',
  };
  const answered = await send('/a/x%20y/b?n=1', init);
  expect([answered.status, answered.headers.get('x-said'), await answered.text()]).toEqual([
    202,
    'yes',
    'done',
  ]);
  expect(asked).toEqual([`arn:aws:execute-api:eu-west-1:000000000000:${api.ref}/$default/POST/a/x%20y/b`]);
  expect(events).toMatchObject([
    {
      at: FUNCTION,
      event: {
        ...{ version: '2.0', routeKey: 'POST /a/{name}/b', rawPath: '/a/x%20y/b', rawQueryString: 'n=1' },
        ...{ pathParameters: { name: 'x y' }, queryStringParameters: { n: '1' }, body: '{}' },
        requestContext: {
          apiId: api.ref,
          authorizer: {
            iam: { accessKey: 'ann', userArn: 'arn:aws:sts::000000000000:assumed-role/ann/ann' },
          },
        },
      },
    },
  ]);
});

it('a route without IAM takes whoever comes, and tells the function of nobody', async () => {
  expect((await send('/open')).status).toBe(202);
  expect(JSON.stringify(events)).not.toContain('authorizer');
});

it.each([
  ['no signature', {}],
  ['the signature of somebody whom no policy allows it', signedBy('bob')],
  [
    'a signature for another service',
    { authorization: signedBy('ann').authorization.replace('execute-api', 's3') },
  ],
])('refuses %s, and no function hears of it', async (_, headers) => {
  const answered = await send('/a/x/b', { method: 'POST', headers });
  expect([answered.status, await answered.json()]).toEqual([403, { message: 'Forbidden' }]);
  expect(events).toEqual([]);
});

it('answers itself where no route leads, and where the function fails', async () => {
  const nowhere = await send('/a/x');
  expect([nowhere.status, await nowhere.json()]).toEqual([404, { message: 'Not Found' }]);
  answer = { error: { errorType: 'Error', errorMessage: 'no' } };
  const failed = await send('/open');
  expect([failed.status, await failed.json()]).toEqual([500, { message: 'Internal Server Error' }]);
});

it('takes the route with fewer variables, whichever came first', () => {
  const route = (key: string) => ({ key, authorization: 'NONE' as const, integration: '' });
  const routes = [route('GET /a/{name}'), route('GET /a/new'), route('ANY /a/{name}')];
  expect(matching(routes, 'GET', '/a/new')?.route.key).toBe('GET /a/new');
  expect(matching(routes, 'GET', '/a/old')).toMatchObject({ parameters: { name: 'old' } });
  expect(matching(routes, 'PUT', '/a/old')?.route.key).toBe('ANY /a/{name}');
  expect(matching(routes, 'GET', '/a/old/b')).toBeUndefined();
});

it.each([
  ['Api', { ProtocolType: 'WEBSOCKET' }, "ProtocolType 'WEBSOCKET' is not served locally; use HTTP"],
  ['Route', { RouteKey: '$default' }, "the route '$default' is not served locally"],
  ['Route', { RouteKey: 'GET /', AuthorizationType: 'JWT' }, "AuthorizationType 'JWT' is not served locally"],
  ['Integration', { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'https://a' }, 'use a function'],
  ['Stage', { StageName: 'beta', AutoDeploy: true }, "the stage 'beta' is not served locally"],
])('refuses of %s what it does not serve: %p', (type, properties, said) => {
  expect(refusal(type, properties)).toContain(said);
});

import { CfnOutput } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  type HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  type ThrottleSettings,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type OperationName, operations } from '../../src/domain/api/operations';
import type { Allowed } from '../rights/role';

/** What is different of the HTTP API. What is left out is as it is by itself. */
export interface ApiOptions {
  /** Its name in the account. @default the workflow's name */
  apiName?: string;
  /** How often all callers together may call it. @default 10 requests a second, bursts of 20 */
  throttle?: ThrottleSettings;
}
/** Something that the HTTP API can be asked, by its `operationId` in docs/openapi.json. */
export type ApiOperation =
  | 'start'
  | 'list'
  | 'get'
  | 'approve'
  | 'reject'
  | 'pause'
  | 'resume'
  | 'promote'
  | 'rollback';

const STAGE = '$default';
const ALL: readonly ApiOperation[] = Object.keys(operations) as OperationName[];

/** Who asked for what and what came of it; neither bodies nor queries. Source: Amazon API Gateway Developer Guide, "Logging variables". */
const FORMAT = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  error: '$context.error.message',
};

/** Every operation is a route of its own, so that a policy can allow one without the others; IAM guards each. */
export function httpApiOf(
  scope: Construct,
  workflow: string,
  {
    apiName = workflow,
    throttle,
    handler,
    accessLogs,
  }: ApiOptions & { handler: IFunction; accessLogs: ILogGroup },
): HttpApi {
  const api = new HttpApi(scope, 'Api', {
    apiName,
    description: `Deployments of ${workflow}`,
    createDefaultStage: false,
    defaultAuthorizer: new HttpIamAuthorizer(),
  });
  new HttpStage(api, 'Stage', {
    httpApi: api,
    stageName: STAGE,
    autoDeploy: true,
    throttle: throttle ?? { rateLimit: 10, burstLimit: 20 },
    accessLogSettings: {
      destination: new LogGroupLogDestination(accessLogs),
      format: AccessLogFormat.custom(JSON.stringify(FORMAT)),
    },
  });
  const integration = new HttpLambdaIntegration('ServeApi', handler, { scopePermissionToRoute: false });
  for (const name of ALL) {
    const { method, path } = operations[name];
    api.addRoutes({ path, methods: [method as HttpMethod], integration });
  }
  new CfnOutput(scope, 'ApiAddress', { value: api.apiEndpoint, description: 'Where the HTTP API is' });
  return api;
}

/** That somebody may call these operations, or all. */
export function mayCall(api: HttpApi, some: readonly ApiOperation[]): Allowed {
  const resources = (some.length > 0 ? some : ALL).map((name) => {
    const { method, path } = operations[name];
    return api.arnForExecuteApi(method, path.replace('{name}', '*'), STAGE);
  });
  const reason = 'a deployment is named when it is started';
  return {
    statement: new PolicyStatement({ actions: ['execute-api:Invoke'], resources }),
    because: Object.fromEntries(resources.map((resource) => [resource, reason])),
  };
}

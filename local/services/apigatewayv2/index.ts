import { createHash } from 'node:crypto';
import { isUnknown, type ResourceMaker, type Service } from '../../service';
import { Api, type ApiDependencies } from './api';

/** `0a1b2c3d4e`, as long as API Gateway's ids. */
const idOf = (name: string) => createHash('sha256').update(name).digest('hex').slice(0, 10);

const isFunction = (uri = '') => isUnknown(uri) || uri.startsWith('arn:aws:lambda:');

/** What of a resource has no local part. */
const refusals: Service['refusals'] = {
  'AWS::ApiGatewayV2::Api': ({ ProtocolType, CorsConfiguration, Body, BodyS3Location }) => {
    if (ProtocolType !== 'HTTP') return `ProtocolType '${ProtocolType}' is not served locally; use HTTP`;
    if (CorsConfiguration) return 'CorsConfiguration is not served locally; leave it out';
    if (Body || BodyS3Location) return 'Body is not served locally; make each route a resource';
    return undefined;
  },
  'AWS::ApiGatewayV2::Integration': ({ IntegrationType, IntegrationUri, PayloadFormatVersion }) => {
    if (IntegrationType !== 'AWS_PROXY' || !isFunction(IntegrationUri))
      return `the integration ${IntegrationType} with '${IntegrationUri}' is not served locally; use a function`;
    if (PayloadFormatVersion !== '2.0')
      return `PayloadFormatVersion '${PayloadFormatVersion}' is not served locally; use 2.0`;
    return undefined;
  },
  'AWS::ApiGatewayV2::Route': ({ RouteKey, AuthorizationType = 'NONE' }) => {
    if (AuthorizationType !== 'AWS_IAM' && AuthorizationType !== 'NONE')
      return `AuthorizationType '${AuthorizationType}' is not served locally; use AWS_IAM or NONE`;
    if (!/^[A-Z]+ \//.test(RouteKey) || RouteKey.includes('+}'))
      return `the route '${RouteKey}' is not served locally; use a method and a path without {proxy+}`;
    return undefined;
  },
  'AWS::ApiGatewayV2::Stage': ({ StageName, AutoDeploy }) =>
    StageName === '$default' && AutoDeploy
      ? undefined
      : `the stage '${StageName}' is not served locally; use $default with AutoDeploy`,
};

/** API Gateway as far as stacks make HTTP APIs whose routes lead to functions; nothing of it is called over the wire. */
export function createApiGateway(deps: ApiDependencies): Service {
  const apis = new Map<string, Api>();
  const apiOf = (id: string): Api => {
    const api = apis.get(id);
    if (!api) throw new Error(`there is no API ${id}`);
    return api;
  };

  const createApi: ResourceMaker = async (_, { name }) => {
    const api = await Api.open(idOf(name), deps);
    apis.set(api.id, api);
    return { ref: api.id, attributes: { ApiId: api.id, ApiEndpoint: api.address } };
  };
  const createIntegration: ResourceMaker = ({ ApiId, IntegrationUri }, { name }) => {
    apiOf(ApiId).integrations.set(idOf(name), IntegrationUri);
    return { ref: idOf(name) };
  };
  const createRoute: ResourceMaker = ({ ApiId, RouteKey: key, AuthorizationType, Target = '' }, { name }) => {
    const authorization = AuthorizationType ?? 'NONE';
    const integration = Target.replace('integrations/', '');
    apiOf(ApiId).routes.set(idOf(name), { key, authorization, integration });
    return { ref: idOf(name) };
  };

  return {
    signingName: 'execute-api',
    operations: {},
    resources: {
      'AWS::ApiGatewayV2::Api': createApi,
      'AWS::ApiGatewayV2::Integration': createIntegration,
      'AWS::ApiGatewayV2::Route': createRoute,
      'AWS::ApiGatewayV2::Stage': ({ StageName }) => ({ ref: StageName }),
    },
    refusals,
    removals: {
      'AWS::ApiGatewayV2::Api': async (ref) => {
        await apis.get(ref)?.close();
        apis.delete(ref);
      },
      'AWS::ApiGatewayV2::Integration': (ref, { ApiId }) => void apis.get(ApiId)?.integrations.delete(ref),
      'AWS::ApiGatewayV2::Route': (ref, { ApiId }) => void apis.get(ApiId)?.routes.delete(ref),
      'AWS::ApiGatewayV2::Stage': () => {},
    },
    close: async () => {
      await Promise.all([...apis.values()].map((api) => api.close()));
    },
  };
}

/**
 * DynamoDB's client can ask its service for another endpoint, when it is told to: nobody does, and a cache for the answers
 * would be made at each cold start.
 * Source: AWS SDKs and Tools Reference Guide, "Endpoint discovery".
 */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config) => config;

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => false,
  configFileSelector: () => false,
  default: false,
};

import { describe as describeService, signingNames } from '../../../local/endpoint/descriptions';
import { sdkOf } from './sdk';

test.each(signingNames)('the description of %s says what its client is configured with', async (name) => {
  const description = await describeService(name);
  const { client } = sdkOf(name, 'http://127.0.0.1:1');
  const { protocolSettings, httpAuthSchemeProvider, protocol } = client.config;
  const [scheme] = httpAuthSchemeProvider({ operation: '', region: 'eu-west-1', Region: 'eu-west-1' });
  expect({
    signingName: description.signingName,
    target: description.target,
    version: description.version,
    namespace: description.namespace,
    xmlNamespace: description.xmlNamespace,
    queryCompatible: description.queryCompatible,
    protocol: description.protocol,
  }).toEqual({
    signingName: scheme?.signingProperties?.name,
    target: protocolSettings.serviceTarget,
    version: protocolSettings.version,
    namespace: protocolSettings.defaultNamespace,
    xmlNamespace: protocolSettings.xmlNamespace ?? '',
    queryCompatible: protocolSettings.awsQueryCompatible ?? false,
    protocol: protocol
      .getShapeId()
      .replace(/aws.protocols#(aws)?/, '')
      .replace('_', '.')
      .replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
  });
});

test('a service without a description is refused with the names of those that have one', async () => {
  await expect(describeService('kms')).rejects.toThrow(
    'the endpoint cannot speak for kms; it knows rds, ecs,',
  );
});

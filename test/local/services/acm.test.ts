import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createCertificates } from '../../../local/postgres/certificates';
import { createAcm } from '../../../local/services/acm';
import { createCloudWatch } from '../../../local/services/cloudwatch';
import { createElbv2 } from '../../../local/services/elbv2';
import { manualClock } from '../manual-clock';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'greenlight-acm-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const noFunctions = { invoke: () => Promise.reject(new Error('there is no function here')) };

async function setUp() {
  const certificates = await createCertificates(directory);
  const acm = createAcm({ certificates });
  const clock = manualClock();
  const elb = createElbv2({
    ...{ clock, metrics: createCloudWatch({ clock }), functions: noFunctions },
    identityOf: acm.identityOf,
  });
  const make = async (type: string, properties: object) =>
    (
      await { ...acm.resources, ...elb.resources }[type]!(properties, {
        ...{ logicalId: 'one', name: 'one', metadata: {} },
      })
    ).ref;
  const LoadBalancerArn = await make('AWS::ElasticLoadBalancingV2::LoadBalancer', {});
  const answer = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', MessageBody: 'well' } };
  return {
    ...{ certificates, elb },
    certificate: (properties: object) => make('AWS::CertificateManager::Certificate', properties),
    listen: (own: object) =>
      make('AWS::ElasticLoadBalancingV2::Listener', {
        ...{ LoadBalancerArn, Port: 443, DefaultActions: [answer], ...own },
      }),
  };
}

it('a listener ends the TLS of its clients, with a certificate for the names that the template asked for', async () => {
  const { certificates, certificate, elb, listen } = await setUp();
  const CertificateArn = await certificate({
    DomainName: 'shop.example.com',
    SubjectAlternativeNames: ['green.example.com'],
  });
  const listener = await listen({ Protocol: 'HTTPS', Certificates: [{ CertificateArn }] });
  const { Listeners } = elb.operations.DescribeListeners!(
    { ListenerArns: [listener] },
    { accessKeyId: 'test' },
  );
  expect(Listeners).toMatchObject([{ Protocol: 'HTTPS' }]);
  const ask = (servername: string, ca = readFileSync(certificates.caFile, 'utf8')) =>
    new Promise<string>((resolve, reject) => {
      https
        .get(`https://127.0.0.1:${Listeners[0].Port}`, { servername, ca, agent: false }, (response) =>
          text(response).then(resolve, reject),
        )
        .on('error', reject);
    });
  expect(await ask('shop.example.com')).toBe('well');
  expect(await ask('green.example.com')).toBe('well');
  await expect(ask('other.example.com')).rejects.toThrow(/altnames/);
  const stranger = mkdtempSync(join(directory, 'stranger-'));
  const { caFile } = await createCertificates(stranger);
  await expect(ask('shop.example.com', readFileSync(caFile, 'utf8'))).rejects.toThrow();
  await elb.close!();
});

it.each([
  ['without a certificate', [], /A certificate must be specified/],
  ['with one that no template has made', [{ CertificateArn: 'arn:aws:acm:1' }], /make it in the template/],
])('an HTTPS listener %s is refused', async (_, Certificates, message) => {
  const { elb, listen } = await setUp();
  await expect(listen({ Protocol: 'HTTPS', Certificates })).rejects.toThrow(message);
  await elb.close!();
});

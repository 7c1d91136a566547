import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { REGION, ZONES } from './names';

const LARGEST_BYTES = 64 * 1024;

const zone = (name: string, index: number) =>
  `<item><zoneName>${name}</zoneName><zoneState>available</zoneState><regionName>${REGION}</regionName><zoneId>euw1-az${index + 1}</zoneId><zoneType>availability-zone</zoneType><optInStatus>opt-in-not-required</optInStatus></item>`;

/** In EC2's own protocol, in which nothing else is written here. Source: Amazon EC2 API Reference, DescribeAvailabilityZones. */
const answered = () =>
  `<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${randomUUID()}</requestId><availabilityZoneInfo>${ZONES.map(zone).join('')}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`;

const refused = (action: string) =>
  `<Response><Errors><Error><Code>NotImplemented</Code><Message>ec2:${action} is not implemented by the local cloud, which has no network: name zones and VPCs in the app</Message></Error></Errors><RequestID>${randomUUID()}</RequestID></Response>`;

async function answer(request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST_BYTES) chunks.push(chunk);
  }
  const action = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('Action') ?? '';
  const isServed = action === 'DescribeAvailabilityZones';
  response.writeHead(isServed ? 200 : 501, { 'content-type': 'text/xml;charset=UTF-8' });
  response.end(isServed ? answered() : refused(action));
}

/**
 * The one thing that is asked of EC2: the CDK's command line looks the zones up for an app whose stack has an environment
 * and a VPC. True when it took the request.
 */
export function describeZones(request: IncomingMessage, response: ServerResponse): boolean {
  if (!/Credential=[^/]+\/\d+\/[^/]+\/ec2\//.test(request.headers.authorization ?? '')) return false;
  answer(request, response).catch(() => response.destroy());
  return true;
}

import { ACCOUNT } from '../names';
import { decide } from './decide';
import type { Statement } from './statements';

/** A service of AWS that sends on behalf of one of its resources; the policy of what it sends to has to let it. */
export interface Sender {
  /** As a principal of a policy: `events.amazonaws.com`. */
  service: string;
  sourceArn: string;
}

/** A resource's own policy, as far as it speaks of services. */
export interface SenderPolicy {
  Statement: (Statement & { Principal?: '*' | { Service?: string; AWS?: string } })[];
}

/** Whether a resource's policy lets a service do something to it on behalf of another resource of the account. */
export function mayUse(
  { service, sourceArn }: Sender,
  action: string,
  resource: string,
  { Statement }: SenderPolicy,
): boolean {
  const own = Statement.filter(
    ({ Principal }) => Principal === '*' || Principal?.AWS === '*' || Principal?.Service === service,
  );
  const context = {
    'aws:SourceArn': sourceArn,
    'aws:SourceAccount': ACCOUNT,
    'aws:SecureTransport': 'true',
  };
  return decide(own, action, [resource], context) === 'allow';
}

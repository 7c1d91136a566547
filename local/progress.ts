import type { ResourceEvent } from './template';

/** What somebody who waits wants to hear of; everything else is ready in no time. */
const WORDS: Record<string, string> = {
  'AWS::RDS::DBInstance': 'database',
  'AWS::ECS::Service': 'service',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'load balancer',
  'AWS::StepFunctions::StateMachine': 'state machine',
  'AWS::DynamoDB::Table': 'table',
};

/** The name in a Ref that is an ARN; a load balancer's ends with an id behind the name. */
const shortName = (ref: string) => /loadbalancer\/\w+\/([^/]+)/.exec(ref)?.[1] ?? ref.split(/[/:]/).at(-1);

/** "database shop: ready in 0.9 s", or nothing for what is not worth a line. */
export function progressLine(event: ResourceEvent): string | undefined {
  const { type, logicalId, ref = '', status, milliseconds = 0 } = event;
  if (status !== 'CREATE_COMPLETE') return undefined;
  const word = WORDS[type] ?? (type.startsWith('Custom::') ? type.slice('Custom::'.length) : undefined);
  if (!word) return undefined;
  const name = type.startsWith('Custom::') ? logicalId : shortName(ref);
  return `${word} ${name}: ready in ${(milliseconds / 1000).toFixed(1)} s`;
}

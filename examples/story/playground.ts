import type { Paint } from './ansi';
import type { RunningCloud } from './cloud';

/** What can be tried while the cloud stays up. Older AWS command lines take no endpoint from the environment, and would ask AWS. */
export function playgroundLines({ endpoint, outputs }: RunningCloud, paint: Paint): string[] {
  const request = JSON.stringify({ service: 'shop', image: 'shop:v3', reason: 'to see it rolled back' });
  return [
    paint.bold('The cloud stays up, and the users stay on. In another terminal:'),
    '',
    `  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=me`,
    `  aws --endpoint-url ${endpoint} stepfunctions start-execution --state-machine-arn ${outputs.StateMachineArn} --input '${request}'`,
    `  aws --endpoint-url ${endpoint} stepfunctions list-executions --state-machine-arn ${outputs.StateMachineArn}`,
    `  aws --endpoint-url ${endpoint} elbv2 describe-rules --rule-arns ${outputs.TrafficRuleArn}`,
    `  aws --endpoint-url ${endpoint} ecs list-tasks --cluster ${outputs.ClusterArn}`,
    '',
    'Ctrl-C ends everything and leaves nothing behind.',
  ];
}

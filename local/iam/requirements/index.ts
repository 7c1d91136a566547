import { applicationAutoscaling } from './application-autoscaling';
import { dynamodb } from './dynamodb';
import { ecs } from './ecs';
import { elasticloadbalancing } from './elasticloadbalancing';
import { usesOfKeys } from './encryption';
import { events, executeApi, lambda, scheduler, sns, sqs } from './messaging';
import { logs, monitoring } from './monitoring';
import { rds } from './rds';
import { ANY, type Lookups, type Requirement, type Rows } from './requirement';
import { s3 } from './s3';
import { cloudformation, sts } from './stacks';
import { states } from './states';
import { ecr, secretsmanager, ssm } from './stores';

const services: Readonly<Record<string, Rows>> = {
  'application-autoscaling': applicationAutoscaling,
  cloudformation,
  dynamodb,
  ecr,
  ecs,
  elasticloadbalancing,
  events,
  'execute-api': executeApi,
  lambda,
  logs,
  monitoring,
  rds,
  s3,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  ssm,
  states,
  sts,
};

/**
 * The IAM actions an operation needs, by signing name and operation name. An operation without a row needs its own
 * action on "*": never less than AWS asks of its resource, so what passes here on a narrower grant passes there.
 */
export function requirementsOf(
  service: string,
  operation: string,
  input: object,
  lookups: Lookups,
): readonly Requirement[] {
  const rows = services[service];
  const row = rows?.operations[operation];
  const needed = row?.(input, lookups) ?? [
    { action: `${rows?.prefix ?? service}:${operation}`, resources: ANY },
  ];
  return needed.flatMap((one) => [one, ...usesOfKeys(one, lookups)]);
}

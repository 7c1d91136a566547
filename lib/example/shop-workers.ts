import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Cluster, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Rule, Schedule as RuleSchedule } from 'aws-cdk-lib/aws-events';
import { EcsTask } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { WorkerService } from '../held/worker-service';
import { acknowledgeWildcards } from '../rights/role';
import type { DeployedWorker } from '../service/deployed-worker';

/** What packs the shop's parcels, once there is a table of them: a service, and jobs that EventBridge starts. */
export function workersOf(
  scope: Construct,
  { cluster, packer, batch }: { cluster: Cluster } & Record<'packer' | 'batch', FargateTaskDefinition>,
): DeployedWorker[] {
  const service = new WorkerService(scope, 'Packing', { cluster, taskDefinition: packer, desiredCount: 0 });
  const started = { taskDefinition: batch, securityGroups: service.connections.securityGroups };
  const roleOf = (id: string, principal: string) =>
    new Role(scope, id, { assumedBy: new ServicePrincipal(principal) });

  const ruleRole = roleOf('PackNightlyRole', 'events.amazonaws.com');
  const rule = new Rule(scope, 'PackNightly', {
    description: 'Packs at night what is left over',
    enabled: false,
    schedule: RuleSchedule.cron({ hour: '2', minute: '0' }),
    targets: [new EcsTask({ cluster, role: ruleRole, ...started })],
  });
  const { partition, region } = Stack.of(scope);
  acknowledgeWildcards(ruleRole, {
    [`arn:${partition}:ecs:${region}:*:task/${cluster.clusterName}/*`]:
      'the CDK lets it tag tasks, which Amazon ECS names when it starts them',
  });
  const scheduleRole = roleOf('PackOftenRole', 'scheduler.amazonaws.com');
  const schedule = new Schedule(scope, 'PackOften', {
    description: 'Packs what is in a hurry',
    enabled: false,
    schedule: ScheduleExpression.rate(Duration.minutes(5)),
    target: new EcsRunFargateTask(cluster, { role: scheduleRole, ...started }),
  });
  new CfnOutput(scope, 'WorkerService', { value: service.serviceName });
  new CfnOutput(scope, 'WorkerRule', { value: rule.ruleName });
  new CfnOutput(scope, 'WorkerSchedule', { value: schedule.scheduleName });
  // no version has the table yet, so all of them rest
  const moves = 'never';
  return [
    { service, moves },
    { rule, role: ruleRole, taskDefinition: batch, moves },
    { schedule, role: scheduleRole, taskDefinition: batch, moves },
  ];
}

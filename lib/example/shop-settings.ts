import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationLoadBalancer, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { SettingsInput } from '../../src/domain/settings';
import type { TrafficRules } from '../traffic-rule';

interface Parts {
  cluster: string;
  repository: string;
  slots: Record<'a' | 'b', { service: FargateService; group: ApplicationTargetGroup }>;
  balancer: ApplicationLoadBalancer;
  rules: TrafficRules;
  testListener: string;
  database: DatabaseInstance;
  manifests: string;
  migrationFamily: string;
  subnets: string[];
  securityGroup: string;
}

/**
 * How the shop is deployed. Its times are those of a demonstration: with real traffic on AWS bake for minutes
 * and soak for at least two, because a load balancer's changes take time to reach all of its nodes.
 */
export function shopSettings(parts: Parts): SettingsInput {
  const slot = ({ service, group }: Parts['slots']['a']) => ({
    service: service.serviceName,
    targetGroup: group.targetGroupArn,
    targetGroupFullName: group.targetGroupFullName,
  });
  return {
    service: 'shop',
    environment: 'example',
    cluster: parts.cluster,
    container: 'shop',
    repository: parts.repository,
    slots: { a: slot(parts.slots.a), b: slot(parts.slots.b) },
    traffic: {
      loadBalancer: parts.balancer.loadBalancerArn,
      loadBalancerFullName: parts.balancer.loadBalancerFullName,
      productionRule: parts.rules.production,
      testListener: parts.testListener,
      testRule: parts.rules.test,
    },
    database: { instance: parts.database.instanceIdentifier, secret: parts.database.secret!.secretArn },
    migrations: {
      tool: 'dbmate',
      manifests: `s3://${parts.manifests}/shop`,
      opaque: 'refuse',
      taskDefinition: parts.migrationFamily,
      container: 'shop',
      command: ['node', 'migrate.mjs', 'up'],
      revertCommand: ['node', 'migrate.mjs', 'revert'],
      subnets: parts.subnets,
      securityGroups: [parts.securityGroup],
    },
    smokeTests: [
      { path: '/version', status: 200 },
      { path: '/products/1', status: 200 },
    ],
    strategy: 'CANARY',
    canaryPercent: 10,
    bakeSeconds: 5,
    soakSeconds: 3,
    thresholds: { minimumRequests: 100, errorRateIncrease: 0.02, errorRateCeiling: 0.25 },
    deadlines: {
      snapshotSeconds: 900,
      migrationSeconds: 900,
      greenSeconds: 300,
      evidenceSeconds: 60,
      rollbackSeconds: 300,
    },
  };
}

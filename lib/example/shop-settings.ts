import type { ApplicationLoadBalancer, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ServiceSettings } from '../../src/domain/settings/environments';
import type { SlotService } from '../slots';
import type { TrafficRules } from '../traffic-rule';

interface Parts {
  environment: string;
  cluster: string;
  repository: string;
  slots: Record<'a' | 'b', { service: SlotService; group: ApplicationTargetGroup }>;
  balancer: ApplicationLoadBalancer;
  rules: TrafficRules;
  page: ApplicationTargetGroup;
  testListener: string;
  /** The name of the alarm on what users see. */
  alarm: string;
  /** The function that tests a new version. */
  check: string;
  database: DatabaseInstance;
  manifests: string;
  family: string;
  migrationFamily: string;
  subnets: string[];
  securityGroup: string;
}

/** Where the shop lives; how it is deployed there says `greenlight.json`. */
export function shopSettings(parts: Parts): ServiceSettings {
  const slot = ({ service, group }: Parts['slots']['a']) => ({
    service: service.serviceName,
    targetGroup: group.targetGroupArn,
    targetGroupFullName: group.targetGroupFullName,
  });
  return {
    service: 'shop',
    environment: parts.environment,
    cluster: parts.cluster,
    taskDefinition: parts.family,
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
      contractCommand: ['node', 'migrate.mjs', 'contract'],
      revertCommand: ['node', 'migrate.mjs', 'revert'],
      subnets: parts.subnets,
      securityGroups: [parts.securityGroup],
    },
    maintenance: {
      targetGroup: parts.page.targetGroupArn,
      targetGroupFullName: parts.page.targetGroupFullName,
      closeSeconds: 300,
    },
    smokeTests: [
      { path: '/version', status: 200 },
      { path: '/products/1', status: 200, bodyContains: 'price_cents', maximumMs: 3_000 },
      { lambda: parts.check },
    ],
    evidence: { alarms: [parts.alarm] },
  };
}

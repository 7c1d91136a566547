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

/** Exits with 0 when the shop in the same container says that it is well; `slim` images have no curl. */
const IS_HEALTHY = `fetch('http://127.0.0.1:' + process.env.PORT + '/health')
  .then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;

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
    // its containers have no check of their own: the load balancer asks them, and a trial has none
    trial: {
      healthCheck: { command: ['CMD', 'node', '-e', IS_HEALTHY], interval: 5, retries: 10, startPeriod: 60 },
    },
  };
}

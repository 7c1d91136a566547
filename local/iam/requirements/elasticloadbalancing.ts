import { arn } from '../../names';
import type { Row, Rows } from './requirement';
import { tagContext } from './requirement';

/** The member that holds the ARN; operations that are not here, all Describe calls, are allowed on "*" only. */
const RESOURCE_MEMBER: Record<string, string> = {
  AddTags: 'ResourceArns',
  CreateRule: 'ListenerArn',
  DeleteRule: 'RuleArn',
  DeleteTargetGroup: 'TargetGroupArn',
  DeregisterTargets: 'TargetGroupArn',
  ModifyListener: 'ListenerArn',
  ModifyLoadBalancerAttributes: 'LoadBalancerArn',
  ModifyRule: 'RuleArn',
  ModifyTargetGroup: 'TargetGroupArn',
  ModifyTargetGroupAttributes: 'TargetGroupArn',
  RegisterTargets: 'TargetGroupArn',
  RemoveTags: 'ResourceArns',
};

const row =
  (action: string, member: string): Row =>
  (i) => [
    {
      action: `elasticloadbalancing:${action}`,
      resources: [i[member]].flat(),
      context: tagContext(i.Tags),
    },
  ];

export const elasticloadbalancing: Rows = {
  prefix: 'elasticloadbalancing',
  operations: {
    ...Object.fromEntries(Object.entries(RESOURCE_MEMBER).map(([name, member]) => [name, row(name, member)])),
    CreateTargetGroup: (i) => [
      {
        action: 'elasticloadbalancing:CreateTargetGroup',
        resources: [arn('elasticloadbalancing', `targetgroup/${i.Name}/*`)],
        context: tagContext(i.Tags),
      },
    ],
    SetRulePriorities: (i) => [
      {
        action: 'elasticloadbalancing:SetRulePriorities',
        resources: i.RulePriorities.map(({ RuleArn }: { RuleArn: string }) => RuleArn),
      },
    ],
  },
};

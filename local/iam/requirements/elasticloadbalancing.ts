import { arn } from '../../names';
import type { Requirement, Row, Rows } from './requirement';
import { tagContext } from './requirement';

/** The member that holds the ARN; operations that are not here, all Describe calls, are allowed on "*" only. */
const RESOURCE_MEMBER: Record<string, string> = {
  AddTags: 'ResourceArns',
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

/**
 * Tags given at creation need the right to tag what is being created. Source: Elastic Load Balancing User Guide, "API permissions to
 * tag resources during creation".
 */
const tagging = (createAction: string, resource: string, tags: [] = []): Requirement[] =>
  tags.length > 0
    ? [
        {
          action: 'elasticloadbalancing:AddTags',
          resources: [resource],
          context: { ...tagContext(tags), 'elasticloadbalancing:CreateAction': createAction },
        },
      ]
    : [];

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
    CreateRule: (i) => [
      {
        action: 'elasticloadbalancing:CreateRule',
        resources: [i.ListenerArn],
        context: tagContext(i.Tags),
      },
      ...tagging('CreateRule', `${i.ListenerArn.replace(':listener/', ':listener-rule/')}/*`, i.Tags),
    ],
    CreateTargetGroup: (i) => {
      const group = arn('elasticloadbalancing', `targetgroup/${i.Name}/*`);
      return [
        {
          action: 'elasticloadbalancing:CreateTargetGroup',
          resources: [group],
          context: tagContext(i.Tags),
        },
        ...tagging('CreateTargetGroup', group, i.Tags),
      ];
    },
    SetRulePriorities: (i) => [
      {
        action: 'elasticloadbalancing:SetRulePriorities',
        resources: i.RulePriorities.map(({ RuleArn }: { RuleArn: string }) => RuleArn),
      },
    ],
  },
};

import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Event, holder } from './custom-resource';

interface Properties {
  ListenerArn: string;
  Priority: string;
  Path: string;
  First: string;
  Second: string;
  Page?: string;
}

const elb = new ElasticLoadBalancingV2Client({});

/** All weight on the first slot; every group is on the rule, because a group on no rule is never checked. */
const actions = ({ First, Second, Page }: Properties): Action[] => [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: First, Weight: 100 },
        { TargetGroupArn: Second, Weight: 0 },
        ...(Page ? [{ TargetGroupArn: Page, Weight: 0 }] : []),
      ],
    },
  },
];

async function hold(event: Event<Properties>): Promise<string> {
  const { ListenerArn, Priority, Path } = event.ResourceProperties;
  const existing = event.PhysicalResourceId ?? '';
  // the weights belong to the workflow from the first moment: an update never touches the rule
  if (event.RequestType === 'Update') return existing;
  if (event.RequestType === 'Delete') {
    if (existing.startsWith('arn:')) await elb.send(new DeleteRuleCommand({ RuleArn: existing }));
    return existing;
  }
  const { Rules } = await elb.send(
    new CreateRuleCommand({
      ListenerArn,
      Priority: Number(Priority),
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [Path] } }],
      Actions: actions(event.ResourceProperties),
    }),
  );
  return Rules?.[0]?.RuleArn ?? '';
}

export const handler = holder('HoldRule', hold);

import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type LambdaContext, logged, plain } from '../src/runtime/log';

/** What CloudFormation sends a custom resource. Source: AWS CloudFormation User Guide, custom resource requests. */
interface Event {
  RequestType: 'Create' | 'Update' | 'Delete';
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ResourceProperties: {
    ListenerArn: string;
    Priority: string;
    Path: string;
    First: string;
    Second: string;
    Page?: string;
  };
}

const elb = new ElasticLoadBalancingV2Client({});

/** All weight on the first slot; every group is on the rule, because a group on no rule is never checked. */
const actions = ({ First, Second, Page }: Event['ResourceProperties']): Action[] => [
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

async function hold(event: Event): Promise<string> {
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

/** CloudFormation waits for the answer at a URL it gives; without one a stack hangs for an hour. */
async function answer(event: Event): Promise<{ Status: 'SUCCESS' | 'FAILED'; Reason?: string }> {
  let answer: { Status: 'SUCCESS' | 'FAILED'; Reason?: string; PhysicalResourceId: string };
  try {
    answer = { Status: 'SUCCESS', PhysicalResourceId: await hold(event) };
  } catch (error) {
    const { name, message } = error as Error;
    const PhysicalResourceId = event.PhysicalResourceId ?? event.LogicalResourceId;
    answer = { Status: 'FAILED', Reason: `${name}: ${message}`, PhysicalResourceId };
  }
  const { StackId, RequestId, LogicalResourceId } = event;
  await fetch(event.ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId }),
  });
  return answer;
}

export const handler = (event: Event, context: LambdaContext) =>
  logged(
    { worker: { step: 'HoldRule', phase: 'background' }, context },
    () => answer(event),
    // not the URL, which is signed
    (answer) => [{ decision: { request: event.RequestType, ...plain(answer) } }],
  );

import type { RunTaskRequest, TaskOverride } from '@aws-sdk/client-ecs';
import type { EcsParameters as RuleParameters } from '@aws-sdk/client-eventbridge';
import type { EcsParameters as ScheduleParameters } from '@aws-sdk/client-scheduler';

/** Starts a task by a role; rejects with ECS's reason when it does not start. */
export type RunTask = (roleArn: string, request: RunTaskRequest) => Promise<void>;

/** Who starts Amazon ECS tasks when something is due: a target of EventBridge or of EventBridge Scheduler. */
type Parameters = RuleParameters | ScheduleParameters;
interface EcsTarget {
  /** The cluster's. */
  Arn?: string;
  EcsParameters?: Parameters;
  /** JSON text, in the words of TaskOverride. */
  Input?: string;
}

/**
 * What RunTask is asked for. Sources: EventBridge API Reference, EcsParameters; EventBridge Scheduler API Reference,
 * EcsParameters; EventBridge User Guide, "Amazon ECS task targets", for the overrides in the input.
 */
export function taskOf({ Arn, EcsParameters, Input }: EcsTarget, startedBy: string): RunTaskRequest {
  const { TaskDefinitionArn, TaskCount, LaunchType, NetworkConfiguration, ...more } =
    EcsParameters ?? ({} as Partial<Parameters>);
  const network = NetworkConfiguration?.awsvpcConfiguration;
  return {
    cluster: Arn,
    taskDefinition: TaskDefinitionArn,
    count: TaskCount ?? 1,
    launchType: LaunchType,
    group: more.Group,
    propagateTags: more.PropagateTags,
    referenceId: more.ReferenceId,
    enableECSManagedTags: more.EnableECSManagedTags,
    enableExecuteCommand: more.EnableExecuteCommand,
    startedBy,
    overrides: Input === undefined ? undefined : (JSON.parse(Input) as TaskOverride),
    networkConfiguration: network && {
      awsvpcConfiguration: {
        subnets: network.Subnets,
        securityGroups: network.SecurityGroups,
        assignPublicIp: network.AssignPublicIp,
      },
    },
  };
}

/** A target of a template, in which one member is in other letters than in the API. */
// biome-ignore lint/suspicious/noExplicitAny: the properties are CloudFormation's
export function inApiLetters(target: any) {
  const { NetworkConfiguration: network, ...parameters } = target.EcsParameters ?? {};
  const awsvpcConfiguration = network?.AwsVpcConfiguration ?? network?.AwsvpcConfiguration;
  return awsvpcConfiguration
    ? { ...target, EcsParameters: { ...parameters, NetworkConfiguration: { awsvpcConfiguration } } }
    : target;
}

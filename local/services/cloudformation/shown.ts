import type {
  Output,
  Stack,
  StackEvent as StackEventShown,
  StackResource,
} from '@aws-sdk/client-cloudformation';
import type { Template } from '../../template';
import type { StackEvent, StackRecord } from './record';

const HIDDEN = '****';

/** The parameters of a template with the values that they have, those in confidence hidden. */
export function shownParameters(template: Template, given: Readonly<Record<string, string>>) {
  return Object.entries(template.Parameters ?? {}).map(([ParameterKey, { Default, NoEcho }]) => {
    const value = given[ParameterKey] ?? (Default === undefined ? undefined : String(Default));
    return { ParameterKey, ParameterValue: String(NoEcho) === 'true' ? HIDDEN : value };
  });
}

function outputsOf({ stack, wish }: StackRecord): Output[] {
  const declared = wish?.source.template.Outputs ?? {};
  return Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({
    OutputKey,
    OutputValue,
    Description: declared[OutputKey]?.Description,
    ExportName: stack.exportOf(OutputKey),
  }));
}

/** A stack as DescribeStacks shows it. */
export function shownStack(record: StackRecord): Stack {
  const { id, name, wish, status, reason, createdAt, updatedAt, deletedAt, isProtected } = record;
  return {
    StackId: id,
    StackName: name,
    Description: wish?.source.template.Description,
    Parameters: wish && shownParameters(wish.source.template, wish.parameters),
    CreationTime: createdAt,
    LastUpdatedTime: updatedAt,
    DeletionTime: deletedAt,
    StackStatus: status,
    StackStatusReason: reason,
    DisableRollback: wish?.onFailure === 'DO_NOTHING',
    NotificationARNs: wish?.notificationArns ?? [],
    Capabilities: (wish?.capabilities ?? []) as Stack['Capabilities'],
    Outputs: outputsOf(record),
    RoleARN: wish?.roleArn,
    Tags: wish?.tags ?? [],
    EnableTerminationProtection: isProtected,
    RollbackConfiguration: {},
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export const shownEvent = (record: StackRecord, event: StackEvent): StackEventShown => ({
  StackId: record.id,
  StackName: record.name,
  EventId: event.id,
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.ref ?? '',
  ResourceType: event.type,
  Timestamp: event.at,
  ResourceStatus: event.status as StackEventShown['ResourceStatus'],
  ResourceStatusReason: event.reason,
  ClientRequestToken: event.token,
});

/** The resources of a stack that it has or has not got yet, or that have failed to end. */
export function shownResources(record: StackRecord): StackResource[] {
  return [...record.resources.values()]
    .filter(({ logicalId, status }) => record.stack.resources.has(logicalId) || !status.startsWith('DELETE'))
    .map(({ logicalId, type, ref, status, reason, at }) => ({
      StackName: record.name,
      StackId: record.id,
      LogicalResourceId: logicalId,
      PhysicalResourceId: record.stack.resources.get(logicalId)?.ref ?? ref,
      ResourceType: type,
      Timestamp: at,
      ResourceStatus: status as StackResource['ResourceStatus'],
      ResourceStatusReason: reason,
      DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
    }));
}

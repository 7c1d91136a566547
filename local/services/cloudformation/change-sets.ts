import { randomUUID } from 'node:crypto';
import type {
  Change,
  ChangeSetStatus,
  ChangeSetType,
  ExecutionStatus,
  Parameter,
} from '@aws-sdk/client-cloudformation';
import { arn } from '../../names';
import type { ResourceChange } from '../../template';
import type { Wish } from './wish';

/** What an update would do, to be looked at before it is done. */
export interface ChangeSet {
  name: string;
  id: string;
  type: ChangeSetType;
  description?: string;
  createdAt: Date;
  wish: Wish;
  changes: readonly ResourceChange[];
  status: ChangeSetStatus;
  reason?: string;
  execution: ExecutionStatus;
}

/** Source: what CloudFormation says of a change set without changes, by which the CDK's command line knows it. */
export const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const changeSetId = (name: string) => arn('cloudformation', `changeSet/${name}/${randomUUID()}`);

const policyAction = ({ action, replacement, deletionPolicy }: ResourceChange) => {
  const outcome = deletionPolicy.startsWith('Retain') ? 'Retain' : deletionPolicy;
  if (action === 'Remove') return outcome as 'Delete' | 'Retain' | 'Snapshot';
  return replacement === 'True' ? ('ReplaceAndDelete' as const) : undefined;
};

/** A change as DescribeChangeSet shows it. Source: CloudFormation API Reference, ResourceChange and ResourceChangeDetail. */
export function shown(change: ResourceChange): Change {
  const { action: Action, logicalId, ref, type, replacement: Replacement, properties, attributes } = change;
  const isModify = Action === 'Modify';
  const RequiresRecreation = { True: 'Always', False: 'Never', Conditional: 'Conditionally' } as const;
  return {
    Type: 'Resource',
    ResourceChange: {
      Action,
      PolicyAction: policyAction(change),
      LogicalResourceId: logicalId,
      PhysicalResourceId: ref,
      ResourceType: type,
      ...(isModify && { Replacement }),
      Scope: [...(properties.length > 0 ? (['Properties'] as const) : []), ...attributes],
      Details: isModify
        ? [
            ...properties.map(({ name: Name, because }) => ({
              Target: {
                Attribute: 'Properties' as const,
                Name,
                RequiresRecreation: RequiresRecreation[Replacement ?? 'False'],
              },
              Evaluation: because === undefined ? ('Static' as const) : ('Dynamic' as const),
              ChangeSource:
                because === undefined ? ('DirectModification' as const) : ('ResourceReference' as const),
              CausingEntity: because,
            })),
            ...attributes.map((Attribute) => ({
              Target: { Attribute, RequiresRecreation: 'Never' as const },
              Evaluation: 'Static' as const,
              ChangeSource: 'DirectModification' as const,
            })),
          ]
        : [],
    },
  };
}

/** Parameters as a request has them: values, or those of before. */
export function givenParameters(
  parameters: readonly Parameter[] = [],
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { ParameterKey = '', ParameterValue, UsePreviousValue } of parameters) {
    const value = UsePreviousValue ? before[ParameterKey] : ParameterValue;
    if (value !== undefined) values[ParameterKey] = value;
  }
  return values;
}

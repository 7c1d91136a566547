import type { Clock } from '../../clock';
import type { Functions } from '../../service';
import { faults } from './faults';
import { FunctionGroupRecord } from './function-groups';
import type { GroupRecord, TargetGroupProperties } from './group-record';
import { LONGEST_NAME } from './names';
import type { State } from './state';
import { AddressGroupRecord } from './target-groups';

type Tags = readonly { Key?: string; Value?: string }[];

/** Creates a target group without targets; throws ELB's exceptions for properties that cannot be. */
export type CreateGroup = (
  state: State,
  name: string,
  properties: TargetGroupProperties & { Tags?: Tags },
) => GroupRecord;

interface Parts {
  clock: Clock;
  functions: Functions;
  /** After its registration a target is asked for the first time. */
  firstCheckMs: number;
}

function checkName(name: string): void {
  if (name.length > LONGEST_NAME)
    throw faults.validation(`Target group name '${name}' cannot be longer than '${LONGEST_NAME}' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw faults.validation(
      `Target group name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
  if (/^-|-$/.test(name))
    throw faults.validation(`Target group name '${name}' cannot begin or end with a hyphen(-)`);
}

/** How target groups are created, by a template or over the wire. */
export const groupCreation =
  ({ clock, functions, firstCheckMs }: Parts): CreateGroup =>
  (state, name, properties) => {
    checkName(name);
    if ([...state.targetGroups.values()].some((other) => other.name === name))
      throw faults.targetGroupNameTaken(name);
    const record =
      properties.TargetType === 'lambda'
        ? new FunctionGroupRecord(name, properties, functions)
        : new AddressGroupRecord(name, properties, clock, firstCheckMs);
    state.targetGroups.set(record.arn, record);
    state.tag(record.arn, properties.Tags ?? []);
    return record;
  };

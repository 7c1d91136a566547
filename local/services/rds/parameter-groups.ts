import { RDSServiceException } from '@aws-sdk/client-rds';
import { arn } from '../../names';
import { parameterGroupNotFound } from './faults';

export interface ParameterGroup {
  name: string;
  family: string;
  description: string;
  parameters: Record<string, string>;
}

/** Parameter groups of instances, or of DB clusters; those named default.… exist without having been made and change nothing. */
export function createParameterGroups(notFound: (name: string) => Error = parameterGroupNotFound) {
  const groups = new Map<string, ParameterGroup>();
  return {
    add(group: ParameterGroup) {
      groups.set(group.name.toLowerCase(), { ...group, name: group.name.toLowerCase() });
    },
    delete: (name: string) => groups.delete(name.toLowerCase()),
    /** Throws DBParameterGroupNotFound. */
    parametersOf(name: string): Record<string, string> {
      const group = groups.get(name.toLowerCase());
      if (group) return group.parameters;
      if (name.startsWith('default.')) return {};
      throw notFound(name);
    },
    describe: (name: string | undefined) =>
      [...groups.values()]
        .filter((group) => name === undefined || group.name === name.toLowerCase())
        .map((group) => ({
          DBParameterGroupName: group.name,
          DBParameterGroupFamily: group.family,
          Description: group.description,
          DBParameterGroupArn: arn('rds', `pg:${group.name}`),
        })),
  };
}

export type ParameterGroups = ReturnType<typeof createParameterGroups>;

/** Resource properties that would need something the local cloud does not have. */
export function refuseProperties(
  type: string,
  properties: Record<string, unknown>,
  names: readonly string[],
) {
  const found = names.filter((name) => properties[name] !== undefined && properties[name] !== false);
  if (found.length === 0) return;
  throw new RDSServiceException({
    name: 'InvalidParameterCombination',
    $fault: 'client',
    message: `${type} with ${found.join(', ')} is not supported by the local cloud; leave it out`,
    $metadata: {},
  });
}

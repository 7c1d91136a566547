import { randomBytes } from 'node:crypto';
import { arn } from '../../names';
import { invalidValue } from './faults';

const IDENTIFIER = /^[a-z](?:-?[a-z0-9])*$/;

/** RDS stores identifiers in lower case. Throws InvalidParameterValue for one that RDS would not take. */
function identifier(parameter: string, value: string | undefined, longest: number): string {
  const lower = (value ?? '').toLowerCase();
  if (!IDENTIFIER.test(lower) || lower.length > longest) {
    throw invalidValue(
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; ` +
        'must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.',
    );
  }
  return lower;
}

export const instanceIdentifier = (value: string | undefined, parameter = 'DBInstanceIdentifier') =>
  identifier(parameter, value, 63);

export const snapshotIdentifier = (value: string | undefined, parameter = 'DBSnapshotIdentifier') =>
  identifier(parameter, value, 255);

export const dbClusterIdentifier = (value: string | undefined) =>
  identifier('DBClusterIdentifier', value, 63);

/** Shorter than that of an instance's snapshot. Source: Amazon RDS API Reference, CreateDBClusterSnapshot. */
export const dbClusterSnapshotIdentifier = (value: string | undefined) =>
  identifier('DBClusterSnapshotIdentifier', value, 63);

export const instanceArn = (name: string) => arn('rds', `db:${name}`);
export const dbClusterArn = (name: string) => arn('rds', `cluster:${name}`);
export const dbClusterSnapshotArn = (name: string) => arn('rds', `cluster-snapshot:${name}`);
export const snapshotArn = (name: string) => arn('rds', `snapshot:${name}`);

/** The last part of an ARN, or the name itself. */
export const nameOf = (nameOrArn: string | undefined) => (nameOrArn ?? '').toLowerCase().split(':').at(-1)!;

/** A resource id such as db-ABCDEFGHIJKLMNOPQRSTUVWXYZ, which stays when what it is of is renamed. */
export const resourceId = (kind: 'db' | 'cluster' = 'db') =>
  `${kind}-${[...randomBytes(26)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`;

import {
  DBClusterAlreadyExistsFault,
  DBClusterNotFoundFault,
  DBClusterParameterGroupNotFoundFault,
  DBClusterRoleAlreadyExistsFault,
  DBClusterSnapshotAlreadyExistsFault,
  DBClusterSnapshotNotFoundFault,
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  DBInstanceRoleAlreadyExistsFault,
  DBParameterGroupNotFoundFault,
  DBSnapshotAlreadyExistsFault,
  DBSnapshotNotFoundFault,
  DBSubnetGroupNotFoundFault,
  InvalidDBClusterSnapshotStateFault,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  InvalidDBSnapshotStateFault,
  OptionGroupNotFoundFault,
  RDSServiceException,
} from '@aws-sdk/client-rds';

/** Error codes that RDS answers but its model does not name. */
const unmodelled = (name: string, message: string) =>
  new RDSServiceException({ name, $fault: 'client', message, $metadata: { httpStatusCode: 400 } });

export const invalidValue = (message: string) => unmodelled('InvalidParameterValue', message);
export const invalidCombination = (message: string) => unmodelled('InvalidParameterCombination', message);

export const instanceNotFound = (identifier: string) =>
  new DBInstanceNotFoundFault({ message: `DBInstance ${identifier} not found.`, $metadata: {} });

export const instanceExists = () =>
  new DBInstanceAlreadyExistsFault({ message: 'DB instance already exists', $metadata: {} });

export const instanceState = (identifier: string, status: string) =>
  new InvalidDBInstanceStateFault({
    message: `Instance ${identifier} is not currently in the available state; its state is ${status}.`,
    $metadata: {},
  });

export const roleExists = (feature: string) =>
  new DBInstanceRoleAlreadyExistsFault({
    message: `The DB instance has an IAM role for the feature ${feature} already.`,
    $metadata: {},
  });

export const notStopped = (identifier: string, status: string) =>
  new InvalidDBInstanceStateFault({
    message: `Instance ${identifier} is not in stopped state; its state is ${status}.`,
    $metadata: {},
  });

export const snapshotNotFound = (identifier: string) =>
  new DBSnapshotNotFoundFault({ message: `DBSnapshot ${identifier} not found.`, $metadata: {} });

export const snapshotExists = (identifier: string) =>
  new DBSnapshotAlreadyExistsFault({
    message: `Cannot create the snapshot because a snapshot with the identifier ${identifier} already exists.`,
    $metadata: {},
  });

export const snapshotState = (message: string) => new InvalidDBSnapshotStateFault({ message, $metadata: {} });

export const parameterGroupNotFound = (name: string) =>
  new DBParameterGroupNotFoundFault({ message: `DBParameterGroup not found: ${name}`, $metadata: {} });

export const subnetGroupNotFound = (name: string) =>
  new DBSubnetGroupNotFoundFault({ message: `DBSubnetGroup not found: ${name}`, $metadata: {} });

export const optionGroupNotFound = (name: string) =>
  new OptionGroupNotFoundFault({ message: `Specified OptionGroupName: ${name} not found.`, $metadata: {} });

export const dbClusterNotFound = (identifier: string) =>
  new DBClusterNotFoundFault({ message: `DBCluster ${identifier} not found.`, $metadata: {} });

export const dbClusterExists = () =>
  new DBClusterAlreadyExistsFault({ message: 'DB Cluster already exists', $metadata: {} });

export const dbClusterState = (message: string) => new InvalidDBClusterStateFault({ message, $metadata: {} });

export const dbClusterRoleExists = (feature: string) =>
  new DBClusterRoleAlreadyExistsFault({
    message: `The DB cluster has an IAM role for the feature ${feature} already.`,
    $metadata: {},
  });

export const dbClusterSnapshotNotFound = (identifier: string) =>
  new DBClusterSnapshotNotFoundFault({
    message: `DBClusterSnapshot ${identifier} not found.`,
    $metadata: {},
  });

export const dbClusterSnapshotExists = (identifier: string) =>
  new DBClusterSnapshotAlreadyExistsFault({
    message: `Cannot create the cluster snapshot because one with the identifier ${identifier} already exists.`,
    $metadata: {},
  });

export const dbClusterSnapshotState = (message: string) =>
  new InvalidDBClusterSnapshotStateFault({ message, $metadata: {} });

export const dbClusterParameterGroupNotFound = (name: string) =>
  new DBClusterParameterGroupNotFoundFault({
    message: `DBClusterParameterGroup not found: ${name}`,
    $metadata: {},
  });

/** In the words of RDS, as people quote them. */
export const memberSnapshot = () =>
  invalidValue(
    'The specified instance is a member of a cluster and a snapshot cannot be created directly. Please use the CreateDBClusterSnapshot API instead.',
  );

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  type ContainerDefinitionOptions,
  type ContainerImage,
  Secret as EcsSecret,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../rights/acknowledge';

/** What both examples stand on, as small as it goes, and what a review of a product would want beside it. */

export function clusterOf(scope: Construct): { vpc: Vpc; cluster: Cluster } {
  const vpc = new Vpc(scope, 'Vpc', { maxAzs: 2, natGateways: 1 });
  acknowledge(vpc, 'VPC7', 'an example: flow logs are kept as an account keeps them for all of its networks');
  const cluster = new Cluster(scope, 'Cluster', { vpc });
  acknowledge(cluster, 'ECS4', 'an example: Container Insights cost by the metric, and no step reads them');
  return { vpc, cluster };
}

export function databaseOf(scope: Construct, vpc: Vpc, name: string, key?: IKey): DatabaseInstance {
  const database = new DatabaseInstance(scope, 'Database', {
    vpc,
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('18.1', '18') }),
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    credentials: Credentials.fromGeneratedSecret(name, { encryptionKey: key }),
    databaseName: name,
    storageEncrypted: true,
    storageEncryptionKey: key,
    backupRetention: Duration.days(7),
    deletionProtection: false,
    removalPolicy: RemovalPolicy.SNAPSHOT,
  });
  acknowledge(database, 'RDS3', 'an example: a standby in another zone costs as much again');
  acknowledge(database, 'RDS10', 'an example has to go with its stack; its data stays as a snapshot');
  acknowledge(
    database,
    'RDS11',
    'a port is no secret: security groups let in the service and the workflow alone',
  );
  acknowledge(database, 'SMG4', 'an example: when a password is rotated is decided by who owns the database');
  return database;
}

/** For a user who only reads; who makes him writes the secret, in the members that RDS writes. */
export function readerOf(scope: Construct, key: IKey): Secret {
  const reader = new Secret(scope, 'Reader', { encryptionKey: key });
  acknowledge(reader, 'SMG4', 'an example: when a password is rotated is decided by who owns the database');
  return reader;
}

/** Where the releases' manifests are; it stays when the stack goes. */
export function manifestsOf(scope: Construct, key?: IKey): Bucket {
  const manifests = new Bucket(scope, 'Manifests', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey: key,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(
    manifests,
    'S1',
    'an example: an access log needs a bucket of its own, and nobody outside may read this one',
  );
  return manifests;
}

/** The database as the images of both examples want to be told of it. */
export function databaseSecrets(secret: ISecret): Record<string, EcsSecret> {
  const field = (name: string) => EcsSecret.fromSecretsManager(secret, name);
  return {
    DB_HOST: field('host'),
    DB_PORT: field('port'),
    DB_NAME: field('dbname'),
    DB_USER: field('username'),
    DB_PASSWORD: field('password'),
  };
}

/** A family whose one container runs a version of a service. */
export function taskDefinitionOf(
  scope: Construct,
  id: string,
  {
    family,
    ...container
  }: Pick<ContainerDefinitionOptions, 'environment' | 'secrets'> & {
    family: string;
    containerName: string;
    image: ContainerImage;
    /** By which it is asked. */
    port?: number;
  },
): FargateTaskDefinition {
  const { containerName, port, ...more } = container;
  const definition = new FargateTaskDefinition(scope, id, { family, cpu: 256, memoryLimitMiB: 512 });
  definition.addContainer(containerName, {
    ...more,
    portMappings: port === undefined ? undefined : [{ containerPort: port }],
    logging: LogDrivers.awsLogs({ streamPrefix: family, logGroup: logsOf(scope, `${id}Logs`) }),
  });
  acknowledge(
    definition,
    'IAM5[Resource::*]',
    'ecr:GetAuthorizationToken has no resource (Service Authorization Reference, Amazon ECR)',
  );
  if (more.environment)
    acknowledge(definition, 'ECS2', 'no variable is a secret: those come from AWS Secrets Manager');
  return definition;
}

/** Where tasks and functions of an example log. */
export const logsOf = (scope: Construct, id: string): LogGroup =>
  new LogGroup(scope, id, { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });

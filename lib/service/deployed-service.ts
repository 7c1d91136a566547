import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { ServiceSettings } from '../../src/domain/settings/environments';
import type { HeldService } from '../held/held-service';
import type { DeployedWorker } from './deployed-worker';

/** The constructs that a service's settings speak of. */
export interface ServiceParts {
  /** Where its services and its tasks run. */
  cluster: ICluster;
  /** Two, or the one of a pure worker: they keep what the workflow sets through every update of the stack. */
  slots: HeldService[];
  /** Those that move with its releases. */
  workers: DeployedWorker[];
  /** Those that get new revisions: the service's own, the migrations', those of its workers and of its tests. */
  taskDefinitions: FargateTaskDefinition[];
  /** Of the releases' images. */
  repository: IRepository;
  /** Where the releases' manifests are. */
  manifests: IBucket;
  /** What the database has been given for its features and for its monitoring: a restored one gets them too. */
  databaseRoles: IRole[];
  /** All that say where the database is: the application's, those of its other roles, and of a user who only reads. */
  secrets: ISecret[];
  /** Encrypts the database's storage, and so its snapshots; undefined for a key that AWS manages. */
  storageKey: IKey | undefined;
  /** Where the functions that read the database connect to. */
  database: IConnectable;
  /** The listeners by which green is asked; none of a pure worker. */
  tests: IConnectable[];
}

/** A service that a `DeploymentWorkflow` deploys: a `BlueGreenService` or a `PureWorker`. */
export abstract class DeployedService extends Construct {
  /** How the workflow stores it for its steps, but for what `greenlight.json` says of its environment. */
  abstract readonly settings: ServiceSettings;
  /** What the roles of the workflow may touch. */
  abstract readonly parts: ServiceParts;
}

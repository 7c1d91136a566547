import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { IRule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ServiceSettings } from '../src/domain/settings/environments';
import type { HeldService } from './held-service';
import type { SlotService } from './slots';

/** What works beside the slots with the same image, and moves with it. */
export type DeployedWorker = Pick<HeldService, 'serviceArn'> | DeployedRule | DeployedSchedule;
/** A rule of EventBridge that starts tasks by a role. */
export interface DeployedRule {
  /** Made in this app or imported. */
  rule: Pick<IRule, 'ruleArn'>;
  /** By which its targets start tasks; it is allowed to start new revisions too. */
  role: IRole;
}
/** A schedule of EventBridge Scheduler that starts tasks by a role. */
export interface DeployedSchedule {
  /** ARN. */
  schedule: string;
  /** By which its target starts tasks; it is allowed to start new revisions too. */
  role: IRole;
}

/** A service that the workflow deploys, and the constructs its settings speak of. */
export interface DeployedService {
  /** Where the service lives; its environment's policy is added from the project's configuration. */
  settings: ServiceSettings;
  /** Where its services and its tasks run. */
  cluster: ICluster;
  /** Those of `Slots`, or the one of `WorkerSlot`: they keep what the workflow sets through every update of the stack. */
  slots: SlotService[];
  /** What the settings' `workers` name. @default none */
  workers?: DeployedWorker[];
  /** Task definitions that get new revisions: the service's own, the migration's, and those of its workers. */
  taskDefinitions: FargateTaskDefinition[];
  /** Of the releases' images. */
  repository: IRepository;
  /** Where the settings' manifests are. */
  manifests: IBucket;
  /** What the database instance has been given for its features (`s3Import`, …) and for its monitoring: a restored one gets them too. @default none */
  databaseRoles?: IRole[];
}

export const isRule = (worker: DeployedWorker): worker is DeployedRule => 'rule' in worker;
export const isSchedule = (worker: DeployedWorker): worker is DeployedSchedule => 'schedule' in worker;

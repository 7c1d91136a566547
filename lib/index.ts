/** What a CDK app is made with: the package's main module. */

export type { Verb } from '../src/aws/verbs';
export type { Configuration } from '../src/domain/settings/environments';
export type {
  AdoptedService,
  BlueGreenServiceProps,
  MaintenanceProps,
  TargetProps,
} from './blue-green-props';
export { BlueGreenService } from './blue-green-service';
export { readConfiguration } from './configuration';
export type { DeployedService, ServiceParts } from './deployed-service';
export type {
  DeployedRule,
  DeployedSchedule,
  DeployedWorker,
  DeployedWorkerOptions,
  DeployedWorkerService,
} from './deployed-worker';
export type { HeldService } from './held-service';
export { PureWorker } from './pure-worker';
export type { PushedImage } from './pushed-image';
export type { ServiceOptions } from './service-options';
export type {
  DatabaseProps,
  EvidenceProps,
  FunctionTest,
  MigrationProps,
  PerSlot,
  RequestTest,
  ServiceProps,
  ServiceSlot,
  SmokeTest,
  StreamsProps,
  TaskTest,
} from './service-props';
export type { ListenerRules, TestRule, TrafficProps, TrafficRule } from './traffic-rule';
export { WorkerService, type WorkerServiceProps } from './worker-service';
export { DeploymentWorkflow } from './workflow';
export type { DeploymentWorkflowProps } from './workflow-props';

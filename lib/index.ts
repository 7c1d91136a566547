/** What a CDK app is made with: the package's main module. */

export type { Verb } from '../src/aws/verbs';
export type { Configuration } from '../src/domain/settings/environments';
export type { HeldService } from './held/held-service';
export type { ListenerRules, TestRule, TrafficProps, TrafficRule } from './held/traffic-rule';
export { WorkerService, type WorkerServiceProps } from './held/worker-service';
export type {
  AdoptedService,
  BlueGreenServiceProps,
  MaintenanceProps,
  TargetProps,
} from './service/blue-green-props';
export { BlueGreenService } from './service/blue-green-service';
export { readConfiguration } from './service/configuration';
export type { DeployedService, ServiceParts } from './service/deployed-service';
export type {
  DeployedRule,
  DeployedSchedule,
  DeployedWorker,
  DeployedWorkerOptions,
  DeployedWorkerService,
} from './service/deployed-worker';
export { PureWorker } from './service/pure-worker';
export type { ServiceOptions } from './service/service-options';
export type {
  DatabaseProps,
  EvidenceProps,
  FunctionTest,
  MigrationProps,
  PerformanceTest,
  PerSlot,
  RequestTest,
  ServiceProps,
  ServiceSlot,
  SmokeTest,
  StreamsProps,
  TaskTest,
} from './service/service-props';
export type { AlarmChange, AlarmName, AlarmOptions } from './workflow/alarms';
export type { ApiOperation, ApiOptions } from './workflow/http-api';
export type { PushedImage } from './workflow/pushed-image';
export { DeploymentWorkflow } from './workflow/workflow';
export type { DeploymentWorkflowProps } from './workflow/workflow-props';

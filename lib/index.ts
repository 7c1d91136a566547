/** What a CDK app is made with: the package's main module. */

export type { Configuration, ServiceSettings } from '../src/domain/settings/environments';
export { readConfiguration } from './configuration';
export type {
  DeployedRule,
  DeployedSchedule,
  DeployedService,
  DeployedWorker,
} from './deployed-service';
export type { HeldService } from './held-service';
export { MaintenancePage, type MaintenancePageProps } from './maintenance-page';
export type { ServiceOptions } from './service-options';
export { type SlotService, Slots, type SlotsProps, WorkerSlot, type WorkerSlotProps } from './slots';
export { type TrafficRule, TrafficRules, type TrafficRulesProps } from './traffic-rule';
export { WorkerService, type WorkerServiceProps } from './worker-service';
export { DeploymentWorkflow } from './workflow';
export type { DeploymentWorkflowProps } from './workflow-props';

import { isDeepStrictEqual } from 'node:util';
import type {
  CreateServiceRequest,
  DeploymentConfiguration,
  LoadBalancer,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import type { Clusters } from './clusters';
import { clientError, invalidParameter, serviceNotActive, serviceNotFound, unsupported } from './faults';
import { lastPart } from './names';
import { breakerThreshold } from './rollout';
import { type ControllerParts, controlService, type ServiceController } from './service-controller';
import { type DeploymentRules, describeService, type ServiceRecord } from './service-record';
import { endOf } from './task';
import type { Definition, TaskDefinitions } from './task-definitions';

/** Real time for a new service to become steady; AWS CloudFormation waits for hours. */
const STEADY_WITHIN_MS = 180_000;
const POLL_MS = 50;

const REFUSED = ['serviceConnectConfiguration', 'volumeConfigurations', 'vpcLatticeConfigurations'] as const;

function rulesOf(
  configuration: DeploymentConfiguration | undefined,
  before?: DeploymentRules,
): DeploymentRules {
  const { strategy, lifecycleHooks, alarms } = configuration ?? {};
  if (strategy !== undefined && strategy !== 'ROLLING') throw unsupported(`deployment strategy ${strategy}`);
  if (lifecycleHooks?.length) throw unsupported('a deployment lifecycle hook');
  if (alarms?.enable) throw unsupported('a deployment alarm');
  return {
    maximumPercent: configuration?.maximumPercent ?? before?.maximumPercent ?? 200,
    minimumHealthyPercent: configuration?.minimumHealthyPercent ?? before?.minimumHealthyPercent ?? 100,
    circuitBreaker: configuration?.deploymentCircuitBreaker ??
      before?.circuitBreaker ?? { enable: false, rollback: false },
  };
}

function validateLoadBalancers(loadBalancers: LoadBalancer[], definition: Definition) {
  for (const { containerName, containerPort, targetGroupArn } of loadBalancers) {
    if (targetGroupArn === undefined) throw unsupported('a Classic Load Balancer');
    const container = definition.containerDefinitions.find(({ name }) => name === containerName);
    if (container === undefined) {
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    }
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
  }
}

function checkCount(desiredCount = 0): void {
  if (desiredCount < 0) throw invalidParameter('desiredCount must be greater than or equal to 0.');
}

export interface ServicesParts extends ControllerParts {
  clusters: Clusters;
  definitions: TaskDefinitions;
}

export function createServices(parts: ServicesParts) {
  const { clock, clusters, definitions } = parts;
  const controllers = new Map<string, ServiceController>();

  const keyOf = (cluster: string, name: string) => `${cluster}/${lastPart(name)}`;

  function find(cluster: string | undefined, name: string | undefined): ServiceController | undefined {
    return controllers.get(keyOf(clusters.require(cluster), name ?? ''));
  }

  function requireActive(cluster: string | undefined, name: string | undefined): ServiceController {
    const controller = find(cluster, name);
    if (controller === undefined) throw serviceNotFound();
    if (controller.record.status !== 'ACTIVE') throw serviceNotActive();
    return controller;
  }

  function create(input: CreateServiceRequest): ServiceController {
    const cluster = clusters.require(input.cluster);
    const name = input.serviceName!;
    const { type = 'ECS' } = input.deploymentController ?? {};
    if (type !== 'ECS') throw unsupported(`deployment controller ${type}`);
    if (input.schedulingStrategy === 'DAEMON') throw unsupported('scheduling strategy DAEMON');
    for (const field of REFUSED) if (input[field] !== undefined) throw unsupported(field);
    checkCount(input.desiredCount);
    const existing = controllers.get(keyOf(cluster, name));
    if (existing && existing.record.status !== 'INACTIVE') {
      throw invalidParameter('Creation of service was not idempotent.');
    }
    const definition = definitions.requireActive(input.taskDefinition);
    const loadBalancers = input.loadBalancers ?? [];
    validateLoadBalancers(loadBalancers, definition);
    const record: ServiceRecord = {
      ...{ name, cluster, status: 'ACTIVE', desiredCount: input.desiredCount ?? 1, loadBalancers },
      ...{
        deployments: [],
        members: [],
        events: [],
        createdAt: new Date(clock.now()),
        tags: input.tags ?? [],
      },
      gracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
      rules: rulesOf(input.deploymentConfiguration),
      networkConfiguration: input.networkConfiguration,
      propagateTags: input.propagateTags ?? 'NONE',
      launchType: input.launchType ?? 'FARGATE',
    };
    const controller = controlService(record, parts);
    controllers.set(keyOf(cluster, name), controller);
    controller.deploy(definition);
    controller.watch();
    return controller;
  }

  /** A changed task definition, load balancer or network is a new deployment; a changed count is not. */
  function update(input: UpdateServiceRequest): ServiceController {
    const controller = requireActive(input.cluster, input.service);
    const { record } = controller;
    const current = record.deployments[0]!.definition;
    const definition = input.taskDefinition ? definitions.requireActive(input.taskDefinition) : current;
    validateLoadBalancers(input.loadBalancers ?? record.loadBalancers, definition);
    checkCount(input.desiredCount);
    record.rules = rulesOf(input.deploymentConfiguration, record.rules);
    record.desiredCount = input.desiredCount ?? record.desiredCount;
    record.gracePeriodSeconds = input.healthCheckGracePeriodSeconds ?? record.gracePeriodSeconds;
    // what runs already keeps its tags
    record.propagateTags = input.propagateTags ?? record.propagateTags;
    const network = input.networkConfiguration ?? record.networkConfiguration;
    const moved = !isDeepStrictEqual(network, record.networkConfiguration);
    record.networkConfiguration = network;
    const rebalanced = input.loadBalancers !== undefined;
    if (rebalanced) record.loadBalancers = input.loadBalancers!;
    if (definition !== current || rebalanced || moved || input.forceNewDeployment)
      controller.deploy(definition);
    setImmediate(controller.reconcile);
    return controller;
  }

  function remove(cluster: string | undefined, name: string | undefined, force: boolean): ServiceController {
    const controller = requireActive(cluster, name);
    const { record } = controller;
    if (record.desiredCount > 0 && !force) {
      throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
    }
    record.desiredCount = 0;
    record.status = 'DRAINING';
    controller.reconcile();
    const ends = record.members.map(({ task }) => task.ended);
    Promise.all(ends).then(() => {
      record.status = 'INACTIVE';
      controller.end();
    });
    return controller;
  }

  /**
   * Resolves when a service runs as many healthy tasks as it should; rejects with the ends of its tasks when they
   * keep failing, when it takes too long, or when its circuit breaker has given the newest deployment up, also where what
   * ran before then runs again.
   */
  async function untilSteady({ record }: ServiceController): Promise<void> {
    const end = performance.now() + STEADY_WITHIN_MS;
    const newest = record.deployments[0];
    for (;;) {
      const primary = record.deployments[0];
      // a changed count alone is no new rollout
      const counted = describeService(record).runningCount === record.desiredCount;
      const givenUp = newest?.rolloutState === 'FAILED';
      if (primary?.rolloutState === 'COMPLETED' && counted && !givenUp) return;
      const failures = primary?.failedTasks ?? 0;
      const failed = givenUp || failures >= breakerThreshold(record.desiredCount);
      if (failed || performance.now() > end) {
        const waiting = record.members.map(({ task }) => endOf(task));
        const reasons = [...new Set([...record.events.map(({ message }) => message), ...waiting])].slice(
          0,
          6,
        );
        throw clientError(`service ${record.name} did not become steady: ${reasons.join(' | ')}`);
      }
      await clock.deadline(POLL_MS);
    }
  }

  return {
    create,
    update,
    remove,
    find,
    untilSteady,
    all: () => [...controllers.values()],
  };
}

export type Services = ReturnType<typeof createServices>;

/** What replaces and bears the tasks of an Amazon ECS service, and what brings others to them. */
export interface Control {
  /** `ECS`, or what takes no task definition from anybody else. */
  controller: string;
  /** Of Amazon ECS itself: `ROLLING`, or one that shifts traffic by itself. */
  strategy?: string;
  /** `FARGATE`, `EC2`, `EXTERNAL`; undefined where capacity providers say it. */
  launchType?: string;
  /** Capacity providers, by name. */
  providers?: readonly string[];
  /** Family of operating systems, as `LINUX` or `WINDOWS_SERVER_2022_CORE`; undefined where ECS does not say. */
  platform?: string;
  /** Does it offer a service to others by Service Connect? */
  offers?: boolean;
}

/**
 * Why a service cannot be given another version; undefined where it can. Sources: Amazon ECS API Reference, UpdateService, which
 * takes a task definition for the deployment controller ECS alone; Amazon ECS Developer Guide, "Amazon ECS blue/green deployments".
 */
export function heldBy(service: string, control: Control): string | undefined {
  const { controller, strategy = 'ROLLING' } = control;
  if (controller !== 'ECS')
    return `${service} has the deployment controller ${controller}, which alone replaces its tasks; create it anew with the controller ECS`;
  if (strategy !== 'ROLLING')
    return `${service} has Amazon ECS's own deployment strategy ${strategy}, which shifts traffic by itself with every update; set its deployment strategy to ROLLING`;
  return borneBy(service, control);
}

/** Those of AWS Fargate. Source: Amazon ECS Developer Guide, "Amazon ECS clusters for Fargate". */
const FARGATE = ['FARGATE', 'FARGATE_SPOT'];

/** Migrations, trials and tests are tasks of the same definitions, and are started on Fargate: a migration never on Spot, which may take it away. */
function borneBy(service: string, { launchType = 'FARGATE', providers = [], platform = '' }: Control) {
  const other = launchType !== 'FARGATE' ? launchType : providers.find((one) => !FARGATE.includes(one));
  if (other)
    return `${service} runs on ${other}, and only AWS Fargate is known: single tasks are started there; give it the launch type FARGATE or the capacity providers ${FARGATE.join(' and ')}`;
  return platform.startsWith('WINDOWS')
    ? `${service} runs Windows containers (${platform}), and only Linux is known; deploy it otherwise`
    : undefined;
}

/**
 * Why the weights of a rule do not say who reaches a slot; undefined where they do. Source: Amazon ECS Developer Guide, "Service
 * Connect", whose clients are sent to every task of a service.
 */
export const reachedBeside = (service: string, { offers }: Control): string | undefined =>
  offers
    ? `${service} is reached by Service Connect as well, whatever the weights of its rule are; have its clients come by the load balancer, and take its services out of the Service Connect configuration (a client alone may stay)`
    : undefined;

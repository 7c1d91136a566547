/** What replaces the tasks of an Amazon ECS service, and what brings others to them. */
export interface Control {
  /** `ECS`, or what takes no task definition from anybody else. */
  controller: string;
  /** Of Amazon ECS itself: `ROLLING`, or one that shifts traffic by itself. */
  strategy?: string;
  /** Does it offer a service to others by Service Connect? */
  offers?: boolean;
}

/**
 * Why a service cannot be given another version; undefined where it can. Sources: Amazon ECS API Reference, UpdateService, which
 * takes a task definition for the deployment controller ECS alone; Amazon ECS Developer Guide, "Amazon ECS blue/green deployments".
 */
export function heldBy(service: string, { controller, strategy = 'ROLLING' }: Control): string | undefined {
  if (controller !== 'ECS')
    return `${service} has the deployment controller ${controller}, which alone replaces its tasks; create it anew with the controller ECS`;
  if (strategy !== 'ROLLING')
    return `${service} has Amazon ECS's own deployment strategy ${strategy}, which shifts traffic by itself with every update; set its deployment strategy to ROLLING`;
  return undefined;
}

/**
 * Why the weights of a rule do not say who reaches a slot; undefined where they do. Source: Amazon ECS Developer Guide, "Service
 * Connect", whose clients are sent to every task of a service.
 */
export const reachedBeside = (service: string, { offers }: Control): string | undefined =>
  offers
    ? `${service} is reached by Service Connect as well, whatever the weights of its rule are; have its clients come by the load balancer, and take its services out of the Service Connect configuration (a client alone may stay)`
    : undefined;

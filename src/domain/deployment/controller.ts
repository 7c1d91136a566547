/**
 * Why a service cannot be given another version; undefined where it can. Source: Amazon ECS API Reference, UpdateService, which
 * takes a task definition for the deployment controller ECS alone.
 */
export const heldBy = (service: string, controller: string): string | undefined =>
  controller === 'ECS'
    ? undefined
    : `${service} has the deployment controller ${controller}, which alone replaces its tasks; create it anew with the controller ECS`;

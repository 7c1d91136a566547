import {
  ClientException,
  ClusterNotFoundException,
  ConflictException,
  InvalidParameterException,
  ServiceNotActiveException,
  ServiceNotFoundException,
} from '@aws-sdk/client-ecs';

const $metadata = {};

export const invalidParameter = (message: string) => new InvalidParameterException({ message, $metadata });
export const clientError = (message: string) => new ClientException({ message, $metadata });
export const clusterNotFound = () =>
  new ClusterNotFoundException({ message: 'Cluster not found.', $metadata });
export const serviceNotFound = () =>
  new ServiceNotFoundException({ message: 'Service not found.', $metadata });
export const serviceNotActive = () =>
  new ServiceNotActiveException({ message: 'Service was not ACTIVE.', $metadata });

export const tokenConflict = (taskArns: string[]) =>
  new ConflictException({
    message: 'The clientToken was already used with different request parameters.',
    resourceIds: taskArns,
    $metadata,
  });

/** What would change how things run and has no local part is refused by name. */
export const unsupported = (what: string) =>
  invalidParameter(`${what} is not supported by the local cloud; leave it out`);

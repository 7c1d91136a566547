import { ObjectNotFoundException, ValidationException } from '@aws-sdk/client-application-auto-scaling';

export const invalid = (message: string) => new ValidationException({ message, $metadata: {} });
export const notFound = (message: string) => new ObjectNotFoundException({ message, $metadata: {} });

/** What would change how things run and has no local part is refused by name. */
export const unsupported = (what: string) =>
  invalid(`${what} is not supported by the local cloud; leave it out`);

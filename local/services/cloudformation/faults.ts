import {
  AlreadyExistsException,
  ChangeSetNotFoundException,
  InsufficientCapabilitiesException,
  InvalidChangeSetStatusException,
} from '@aws-sdk/client-cloudformation';
import { invalid } from '../../endpoint/errors';

const $metadata = {};

/** What CloudFormation answers, in its words; a stack that is not there is a validation error. */
export const faults = {
  invalid,
  noStack: (name: string) => invalid(`Stack with id ${name} does not exist`),
  alreadyExists: (name: string) =>
    new AlreadyExistsException({ message: `Stack [${name}] already exists`, $metadata }),
  changeSetExists: (name: string, stack: string) =>
    new AlreadyExistsException({
      message: `ChangeSet ${name} cannot be created due to a mismatch with existing attribute: it exists already for stack ${stack}`,
      $metadata,
    }),
  noChangeSet: (name: string) =>
    new ChangeSetNotFoundException({ message: `ChangeSet [${name}] does not exist`, $metadata }),
  changeSetStatus: (id: string, status: string) =>
    new InvalidChangeSetStatusException({
      message: `ChangeSet [${id}] cannot be executed in its current status of [${status}]`,
      $metadata,
    }),
  capabilities: (missing: string) =>
    new InsufficientCapabilitiesException({ message: `Requires capabilities : [${missing}]`, $metadata }),
  busy: (id: string, status: string, what = 'updated') =>
    invalid(`Stack:${id} is in ${status} state and can not be ${what}.`),
};

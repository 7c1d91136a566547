import {
  HierarchyLevelLimitExceededException,
  HierarchyTypeMismatchException,
  InvalidFilterKey,
  InvalidFilterOption,
  InvalidNextToken,
  ParameterAlreadyExists,
  ParameterNotFound,
  ParameterPatternMismatchException,
  ParameterVersionNotFound,
  SSMServiceException,
} from '@aws-sdk/client-ssm';

const $metadata = {};

const unmodelled = (name: string, message: string) =>
  new SSMServiceException({ name, $fault: 'client', message, $metadata });

/** Parameter Store's refusals, in its words where they are known. */
export const faults = {
  invalid: (message: string) => unmodelled('ValidationException', message),
  reserved: (name: string) =>
    unmodelled('AccessDeniedException', `No access to reserved parameter name: ${name}.`),
  exists: () =>
    new ParameterAlreadyExists({
      message:
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      $metadata,
    }),
  notFound: (name: string) => new ParameterNotFound({ message: `Parameter ${name} not found.`, $metadata }),
  noVersion: (name: string, selector: string) =>
    new ParameterVersionNotFound({
      message: `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
      $metadata,
    }),
  tooDeep: () =>
    new HierarchyLevelLimitExceededException({
      message: 'A hierarchy can have a maximum of 15 levels.',
      $metadata,
    }),
  otherType: (name: string, type: string) =>
    new HierarchyTypeMismatchException({
      message: `The type of parameter ${name} is ${type} and cannot be changed; create another parameter.`,
      $metadata,
    }),
  mismatch: (pattern: string) =>
    new ParameterPatternMismatchException({
      message: `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
      $metadata,
    }),
  filterKey: (key: string) =>
    new InvalidFilterKey({ message: `The filter key ${key} is not served locally`, $metadata }),
  filterOption: (option: string) =>
    new InvalidFilterOption({ message: `The following filter option is not valid: ${option}`, $metadata }),
  nextToken: () => new InvalidNextToken({ message: 'Invalid NextToken', $metadata }),
};

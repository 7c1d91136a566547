import { InvalidParameterException, NotFoundException } from '@aws-sdk/client-sns';

const $metadata = {};

/** SNS's refusals, in its words where they are known. */
export const invalid = (message: string) =>
  new InvalidParameterException({ message: `Invalid parameter: ${message}`, $metadata });
export const noTopic = () => new NotFoundException({ message: 'Topic does not exist', $metadata });

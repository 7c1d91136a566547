import { ConflictException, ResourceNotFoundException, ValidationException } from '@aws-sdk/client-scheduler';

const $metadata = {};

export const invalid = (Message: string) => new ValidationException({ Message, message: Message, $metadata });
export const conflict = (Message: string) => new ConflictException({ Message, message: Message, $metadata });
export const missing = (what: string) => {
  const Message = `${what} does not exist.`;
  return new ResourceNotFoundException({ Message, message: Message, $metadata });
};

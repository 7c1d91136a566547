import type { Wire } from '../wire';
import { readInput } from './input';
import { writeError, writeOutput } from './output';
import type { RestRequest } from './request';

export { jsonRequest, restJsonWire } from './json';
export { operationOf } from './operation';
export { type Head, readHead } from './request';

/** restXml, as S3 speaks it: unlike the other protocols it reads more of a request than its body. */
export function restWire(description: Parameters<typeof readInput>[0], request: RestRequest): Wire {
  return {
    family: 'rest',
    decode: async (operation, body) => readInput(description, operation, request, body),
    encode: (_, operation, output, requestId) =>
      writeOutput(description, operation, output as Record<string, unknown>, requestId),
    encodeError: (_, error, requestId) => writeError(error, requestId, request.method),
  };
}

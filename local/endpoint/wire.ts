import type { StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import type { Description } from './descriptions';
import type { Family, WireError } from './errors';

/** An HTTP response, ready to be sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** One AWS protocol, seen from the server. */
export interface Wire {
  readonly family: Family;
  /** @throws CommonError or a parse error when the body is not of this protocol */
  decode(operation: StaticOperationSchema, body: Buffer): Promise<Record<string, unknown>>;
  encode(
    description: Description,
    operation: StaticOperationSchema,
    output: object,
    requestId: string,
  ): Reply;
  /** `description` is absent when not even the service is known. */
  encodeError(description: Description | undefined, error: WireError, requestId: string): Reply;
}

const STRUCTURE = 3;
export const STRING = 0;

/** A structure made up for the wire: envelopes are no part of any service's model. */
export function structure(name: string, members: Record<string, unknown>): StaticStructureSchema {
  const [names, schemas] = [Object.keys(members), Object.values(members)];
  return [STRUCTURE, 'envelope', name, 0, names, schemas] as StaticStructureSchema;
}

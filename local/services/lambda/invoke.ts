import {
  InvalidParameterValueException,
  InvalidRequestContentException,
  type InvocationType,
  type Lambda as LambdaClient,
  RequestTooLargeException,
} from '@aws-sdk/client-lambda';
import type { Invocation, Operations } from '../../service';

type Invoke = NonNullable<Operations<LambdaClient>['Invoke']>;

/** Lambda's quotas for payloads, in bytes. */
const LARGEST: Record<InvocationType, number> = {
  RequestResponse: 6_291_456,
  Event: 1_048_576,
  DryRun: 6_291_456,
};

const $metadata = {};

function eventOf(payload: Uint8Array | undefined, type: InvocationType): unknown {
  const bytes = payload ?? Buffer.alloc(0);
  if (bytes.length > LARGEST[type]) {
    const message = `Request must be smaller than ${LARGEST[type]} bytes for the InvokeFunction operation`;
    throw new RequestTooLargeException({ message, $metadata });
  }
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new InvalidRequestContentException({ message, $metadata });
  }
}

/** The bytes that a caller gets; Lambda's Node.js runtime calls the stack "trace". */
function payloadOf(invocation: Invocation): Uint8Array {
  if (!('error' in invocation)) return Buffer.from(JSON.stringify(invocation.payload));
  const { stackTrace, ...error } = invocation.error;
  return Buffer.from(JSON.stringify({ ...error, ...(stackTrace && { trace: stackTrace }) }));
}

interface Parts {
  /**
   * The version that is meant; throws ResourceNotFoundException when there is no such function, version or alias.
   */
  versionOf(reference: string, qualifier?: string): string;
  invoke(reference: string, event: unknown): Promise<Invocation>;
  enqueue(reference: string, event: unknown): Promise<void>;
}

/**
 * Invoke over the wire. An error of the function is an answer with `FunctionError`, not an error of the call. For
 * InvocationType Event the answer is 202 as soon as the event is taken.
 */
export const invokeOperation =
  ({ versionOf, invoke, enqueue }: Parts): Invoke =>
  async ({ FunctionName, Qualifier, InvocationType: type = 'RequestResponse', LogType, Payload }) => {
    if (LogType === 'Tail') {
      const message = 'LogType Tail is not served locally; read the log group of the function';
      throw new InvalidParameterValueException({ message, $metadata });
    }
    const ExecutedVersion = versionOf(FunctionName!, Qualifier);
    const event = eventOf(Payload as Uint8Array | undefined, type);
    if (type === 'DryRun') return { StatusCode: 204 };
    if (type === 'Event') {
      await enqueue(FunctionName!, event);
      return { StatusCode: 202 };
    }
    const invocation = await invoke(FunctionName!, event);
    return {
      StatusCode: 200,
      ExecutedVersion,
      ...('error' in invocation && { FunctionError: 'Unhandled' }),
      // biome-ignore lint/suspicious/noExplicitAny: clients see these bytes with methods to read them as text
      Payload: payloadOf(invocation) as any,
    };
  };

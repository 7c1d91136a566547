import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import type { Functions, Resource } from '../service';
import type { StackName } from './scope';
import { TemplateError } from './template';

export const isCustom = (type: string) =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

export interface CustomResourceRequest {
  requestType: 'Create' | 'Update' | 'Delete';
  stack: StackName;
  logicalId: string;
  type: string;
  properties: Record<string, unknown>;
  /** For Update and Delete: what was created. */
  physicalId?: string;
  oldProperties?: Record<string, unknown>;
}

interface Response {
  Status: string;
  Reason?: string;
  PhysicalResourceId?: string;
  Data?: Record<string, unknown>;
}

/** How long a function that has ended may still leave its answer open, when the resource names no ServiceTimeout. */
const ANSWER_WITHIN_SECONDS = 60;

/** CloudFormation hands every primitive to a custom resource as text: `true` arrives as "true", 5 as "5". */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringified);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, stringified(member)]));
  }
  return String(value);
}

/**
 * Custom resources: a function is invoked with CloudFormation's event and answers by PUT to the event's
 * ResponseURL, which `respond` receives. `responseUrl` says where that is for a request id.
 */
export function createCustomResources(deps: {
  clock: Clock;
  functions: Functions;
  responseUrl: (id: string) => string;
}) {
  const waiting = new Map<string, (response: Response) => void>();

  async function request(wanted: CustomResourceRequest): Promise<Resource> {
    const id = randomUUID();
    const { ServiceToken: serviceToken, ServiceTimeout: serviceTimeout } = wanted.properties;
    const seconds = Number(serviceTimeout ?? ANSWER_WITHIN_SECONDS);
    const answered = new Promise<Response>((resolve) => waiting.set(id, resolve));
    const ended = new AbortController();
    const silent = async () => {
      const invocation = await deps.functions.invoke(
        String(serviceToken),
        eventOf(wanted, id, deps),
        undefined,
      );
      if ('error' in invocation) throw failure(wanted, invocation.error.errorMessage);
      await deps.clock.deadline(seconds * 1000, ended.signal);
      throw failure(wanted, `its function sent no response within ${seconds} s`);
    };
    try {
      const response = await Promise.race([answered, silent()]);
      if (response.Status !== 'SUCCESS') throw failure(wanted, response.Reason ?? 'no reason given');
      return {
        ref: response.PhysicalResourceId ?? wanted.physicalId ?? id,
        attributes: (response.Data ?? {}) as Record<string, string>,
      };
    } finally {
      waiting.delete(id);
      ended.abort();
    }
  }

  /** Takes the body that a function PUT for request `id`; false when nothing waits for it. */
  function respond(id: string, body: string): boolean {
    const answer = waiting.get(id);
    if (!answer) return false;
    answer(parsed(body));
    return true;
  }

  return { request, respond };
}

export type CustomResources = ReturnType<typeof createCustomResources>;

function parsed(body: string): Response {
  try {
    return JSON.parse(body);
  } catch {
    return { Status: 'FAILED', Reason: `the response is not JSON: ${body.slice(0, 200)}` };
  }
}

const failure = ({ requestType, logicalId, type }: CustomResourceRequest, reason: string) =>
  new TemplateError(`${requestType} of custom resource ${logicalId} (${type}) failed: ${reason}`);

function eventOf(wanted: CustomResourceRequest, id: string, deps: { responseUrl: (id: string) => string }) {
  return {
    RequestType: wanted.requestType,
    ServiceToken: wanted.properties.ServiceToken,
    ResponseURL: deps.responseUrl(id),
    StackId: wanted.stack.id,
    RequestId: id,
    ResourceType: wanted.type,
    LogicalResourceId: wanted.logicalId,
    ...(wanted.physicalId !== undefined && { PhysicalResourceId: wanted.physicalId }),
    ResourceProperties: stringified(wanted.properties),
    ...(wanted.oldProperties && { OldResourceProperties: stringified(wanted.oldProperties) }),
  };
}

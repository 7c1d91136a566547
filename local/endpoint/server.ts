import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, scaledClock } from '../clock';
import { type Consistency, strong } from '../consistency';
import type { Caller, Service } from '../service';
import { createThrottling, type Throttling } from '../throttling';
import { readBody } from './body';
import { type Check, checksOf, constrained } from './constraints';
import { controlFaults, FAULTS_PATH } from './control';
import { createCounts } from './counts';
import { type Description, describe } from './descriptions';
import { type Authorise, createDispatch, type Dispatch } from './dispatch';
import { accessDenied, missingToken, notImplemented, toWireError } from './errors';
import { checkFault } from './fault-error';
import type { Faults } from './faults';
import { type Route, route } from './routing';
import { validate } from './validation';
import type { Reply } from './wire';

export interface EndpointOptions {
  /** Services without operations (IAM) may be among them; they are not served. */
  services: readonly Service[];
  authorise: Authorise;
  faults: Faults;
  /** The rates of the account; none when absent. */
  throttling?: Throttling;
  /** @default every read shows every write */
  consistency?: Consistency;
  callerOf(accessKeyId: string): Caller;
  /** A free port when absent. */
  port?: number;
  /** The clock that slow faults wait by; real time when absent. */
  clock?: Clock;
  /** Ends a calling function's process, for faults of the kind kill. */
  kill?(caller: Caller): Promise<void>;
  /** Whether input must keep the constraints of the API models, as it must on AWS; true when absent. */
  constraints?: boolean;
  /** Takes requests that are no AWS call; true when it took the request. */
  extra?(request: IncomingMessage, response: ServerResponse): boolean;
}

export interface Endpoint {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly port: number;
  /**
   * How often each operation was called, by "rds:CreateDBSnapshot", failed calls included; only by callers whose access
   * key id (a function's name) holds `caller`, if it is given.
   */
  calls(caller?: string): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Longer than clients keep idle connections, so that no request meets a closing one. */
const KEEP_ALIVE_MS = 120_000;

interface Backend {
  descriptions: readonly Description[];
  /** By signing name and operation. */
  checks: ReadonlyMap<string, ReadonlyMap<string, Check>>;
  dispatch: Dispatch;
  callerOf(accessKeyId: string): Caller;
  count(operation: string, accessKeyId: string): void;
}

async function perform(backend: Backend, to: Route, body: Buffer, requestId: string): Promise<Reply> {
  const { description, wire, service, operation, accessKeyId } = to;
  if (accessKeyId === undefined) throw missingToken('Request is missing Authentication Token');
  if (to.expiresAt !== undefined && Date.now() > to.expiresAt) throw accessDenied('Request has expired');
  const schema = description?.operations.get(operation);
  if (!description || !schema) {
    throw notImplemented(`${service}:${operation} is not implemented by the local cloud`);
  }
  backend.count(`${description.signingName}:${operation}`, accessKeyId);
  const input = await wire.decode(schema, body);
  validate(description, operation, input, backend.checks.get(description.signingName)?.get(operation));
  const output = await backend.dispatch(description, operation, input, backend.callerOf(accessKeyId));
  return wire.encode(description, schema, output, requestId);
}

async function answer(backend: Backend, request: IncomingMessage): Promise<Reply> {
  const requestId = randomUUID();
  const head = { method: request.method ?? 'POST', url: request.url ?? '/', headers: request.headers };
  let to = route(backend.descriptions, head, Buffer.alloc(0));
  try {
    const body = await readBody(request, to.wire.family);
    to = route(backend.descriptions, head, body);
    return await perform(backend, to, body, requestId);
  } catch (error) {
    const wireError = toWireError(error, to.wire.family, to.description);
    return to.wire.encodeError(to.description, wireError, requestId);
  }
}

const served = (services: readonly Service[]) =>
  services.filter(({ operations }) => Object.keys(operations).length > 0);

/**
 * Serves AWS's wire protocols for `services` on 127.0.0.1, to unchanged clients of any language, plus the faults'
 * control interface at `/_local/faults`. Signatures are not checked: the access key id alone tells the caller.
 * @throws Error when a service has no description, or a fault names something that does not exist
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { authorise, callerOf, clock = scaledClock(), faults, kill = async () => {}, extra } = options;
  const { consistency = strong } = options;
  const throttling = options.throttling ?? createThrottling('none');
  const services = served(options.services);
  const descriptions = await Promise.all(services.map(({ signingName }) => describe(signingName)));
  const constraints = options.constraints === false ? [] : constrained;
  const checks = new Map(
    await Promise.all(constraints.map(async (name) => [name, await checksOf(name)] as const)),
  );
  faults.guard((fault) => checkFault(descriptions, fault));

  const counts = createCounts();
  const closing = new AbortController();
  const dispatch = createDispatch({
    ...{ services, authorise, faults, throttling, consistency, clock, kill },
    closing: closing.signal,
  });
  const backend: Backend = { descriptions, checks, dispatch, callerOf, count: counts.count };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === FAULTS_PATH) return controlFaults(faults, request, response);
    if (extra?.(request, response)) return;
    const { status, headers, body } = await answer(backend, request);
    response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls: counts.calls,
    close() {
      closing.abort(new Error('the local cloud is closing'));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

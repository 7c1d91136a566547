import { join } from 'node:path';
import { describeZones } from './availability-zones';
import type { Clock } from './clock';
import { createCode } from './code';
import { type Consistency, lagging, type Slowness, strong } from './consistency';
import { createFaults, type Endpoint, type Fault, type Faults, startEndpoint } from './endpoint';
import { createAuthorise } from './iam';
import { showObjects } from './object-page';
import { type Certificates, createCertificates } from './postgres/certificates';
import { type Processes, startProcesses } from './processes';
import { receiveResponses, responsePath } from './response-url';
import type { Caller, Service } from './service';
import { type ImageMap, loadImages } from './services/ecr';
import { createCustomResources, type StackDependencies } from './template';
import { createThrottling, type Rates, type Throttling } from './throttling';
import { createServices, type Services } from './wiring';

export interface CompositionOptions {
  directory?: string;
  clock: Clock;
  assembly: string;
  images?: string;
  image?: readonly ImageMap[];
  faults: readonly Fault[];
  port?: number;
  propagationMs?: number;
  metrics?: 'aws';
  consistency?: Slowness;
  startAhead?: boolean;
  throttling?: Rates;
}

/** The parts of a running cloud, before anything has been created in it. */
export interface Composition {
  services: Services;
  /** What stacks are made with. */
  stackDependencies: StackDependencies;
  endpoint: Endpoint;
  faults: Faults;
  throttling: Throttling;
  reads: Consistency;
  processes: Processes;
  certificates: Certificates;
  close(): Promise<void>;
}

/** Who calls: a function or a task by its access key id; anybody else is the local administrator. */
function callerOf({ iam, lambda }: Services, accessKeyId: string): Caller {
  const role = iam.roles().find(({ name }) => name === accessKeyId);
  return lambda.callerOf(accessKeyId) ?? { accessKeyId, ...(role && { roleArn: role.arn }) };
}

/** Ends parts in the opposite order of their beginning, each one whatever became of the others. */
function closing() {
  const closers: (() => Promise<void> | undefined)[] = [];
  let closed: Promise<void> | undefined;
  const closeAll = async () => {
    const failures: unknown[] = [];
    for (const close of closers.reverse()) {
      await Promise.resolve(close()).catch((error) => failures.push(error));
    }
    if (failures.length) throw failures[0];
  };
  return {
    add: (close: () => Promise<void> | undefined) => closers.push(close),
    close: () => {
      closed ??= closeAll();
      return closed;
    },
  };
}

/** Starts the endpoint with every service behind it; throws after having ended what was begun. */
export async function compose(options: CompositionOptions): Promise<Composition> {
  const containerImages = loadImages(options.images, ...(options.image ?? []));
  const processes = await startProcesses(options.directory);
  const end = closing();
  end.add(() => processes.close());
  const faults = createFaults(options.faults);
  const throttling = createThrottling(options.throttling ?? 'none');
  const reads = options.consistency ? lagging(options.consistency, options.clock) : strong;
  try {
    const certificates = await createCertificates(processes.workDir);
    const services = createServices({
      ...options,
      containerImages,
      processes,
      certificates,
      faults,
      environment: () => ({
        AWS_ENDPOINT_URL: endpoint.url,
        AWS_CA_BUNDLE: certificates.caFile,
        NODE_EXTRA_CA_CERTS: certificates.caFile,
      }),
      mayInvoke: (roleArn, functionArn) =>
        authorise('lambda', 'Invoke', { FunctionName: functionArn }, { accessKeyId: 'states', roleArn }),
      maySend: (roleArn, queueArn) =>
        authorise('sqs', 'SendMessage', { QueueArn: queueArn }, { accessKeyId: 'lambda', roleArn }),
      callerOf: (accessKeyId) => callerOf(services, accessKeyId),
      mayCall: (caller, resource) => authorise('execute-api', 'Invoke', { Resource: resource }, caller),
      stackDependencies: () => stackDependencies,
      mayRun: (service, roleArn, request) =>
        authorise('ecs', 'RunTask', request, { accessKeyId: service, roleArn }),
    });
    const all: readonly Service[] = Object.values(services);
    // those made last use those made before them, and end first
    for (const service of all) end.add(() => service.close?.());

    const owner = (resource: string) => all.find(({ signingName }) => signingName === resource.split(':')[2]);
    const authorise = createAuthorise(
      services.iam,
      {
        rolesOf: services.ecs.rolesOf,
        machineOf: services.states.machineOf,
        keyOf: (resource) => owner(resource)?.keyOf?.(resource),
      },
      (resource) => owner(resource)?.tagsOf?.(resource),
    );
    const customResources = createCustomResources({
      clock: options.clock,
      functions: services.lambda,
      responseUrl: (id) => endpoint.url + responsePath(id),
    });
    const stackDependencies: StackDependencies = {
      makers: Object.assign({}, ...all.map(({ resources }) => resources)),
      updates: Object.assign({}, ...all.map(({ updates }) => updates)),
      removals: Object.assign({}, ...all.map(({ removals }) => removals)),
      live: Object.assign({}, ...all.map(({ live }) => live)),
      refusals: Object.assign({}, ...all.map(({ refusals }) => refusals)),
      customResources,
      resolveDynamic: (reference) => services.secretsmanager.resolveDynamic(reference),
      lookUpParameter: (parameter) => services.ssm.lookup(parameter),
      exports: new Map(),
      codeFolder: createCode(join(processes.workDir, 'code'), services.s3.read),
    };
    const receiveResponse = receiveResponses(customResources);
    const showObject = showObjects(services.s3.read);
    const endpoint = await startEndpoint({
      services: all,
      authorise,
      faults,
      throttling,
      consistency: reads,
      clock: options.clock,
      port: options.port,
      callerOf: (accessKeyId) => callerOf(services, accessKeyId),
      kill: ({ accessKeyId }) => services.lambda.kill(accessKeyId),
      extra: (request, response) =>
        receiveResponse(request, response) ||
        describeZones(request, response) ||
        showObject(request, response),
    });
    end.add(() => endpoint.close());
    const parts = {
      services,
      stackDependencies,
      endpoint,
      faults,
      throttling,
      reads,
      processes,
      certificates,
    };
    return { ...parts, close: end.close };
  } catch (error) {
    await end.close();
    throw error;
  }
}

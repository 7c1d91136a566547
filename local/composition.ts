import type { Clock } from './clock';
import {
  type Authorise,
  createFaults,
  type Endpoint,
  type Fault,
  type Faults,
  startEndpoint,
} from './endpoint';
import { createAuthorise } from './iam';
import { type Certificates, createCertificates } from './postgres/certificates';
import { type Processes, startProcesses } from './processes';
import { receiveResponses, responsePath } from './response-url';
import type { Caller, CloudEvent, Functions, ResourceMaker, Service } from './service';
import { createCloudWatch } from './services/cloudwatch';
import { createDynamodb } from './services/dynamodb';
import { createEcr, type Images, loadImages } from './services/ecr';
import { createEcs } from './services/ecs';
import { createElbv2 } from './services/elbv2';
import { createEvents } from './services/events';
import { createIam } from './services/iam';
import { createLambda } from './services/lambda';
import { createLogs } from './services/logs';
import { createRds } from './services/rds';
import { createSecretsManager } from './services/secretsmanager';
import { createSns } from './services/sns';
import { createSsm } from './services/ssm';
import { createStates } from './services/states';
import { type CustomResources, createCustomResources } from './template';

export interface CompositionOptions {
  clock: Clock;
  assembly: string;
  images: string;
  faults: readonly Fault[];
  port?: number;
  propagationMs?: number;
}

/** The parts of a running cloud, before anything has been created in it. */
export interface Composition {
  services: Services;
  makers: Record<string, ResourceMaker>;
  customResources: CustomResources;
  endpoint: Endpoint;
  faults: Faults;
  processes: Processes;
  certificates: Certificates;
  close(): Promise<void>;
}

export type Services = ReturnType<typeof createServices>;

interface ServiceOptions extends CompositionOptions {
  processes: Processes;
  certificates: Certificates;
  containerImages: Images;
  /** What every function and container has in its environment. */
  environment: () => Record<string, string>;
  mayInvoke: (roleArn: string, functionArn: string) => void;
}

/** Every service with the ports of the others that it needs; those that come later are called when they are there. */
function createServices(options: ServiceOptions) {
  const { clock, processes, certificates, environment, containerImages: images } = options;
  const emit = (event: CloudEvent) => events.emit(event);
  const functions: Functions = { invoke: (...request) => lambda.invoke(...request) };

  const logs = createLogs({ clock });
  const cloudwatch = createCloudWatch({ clock });
  const iam = createIam();
  const ssm = createSsm({ clock });
  const sns = createSns({ clock, functions });
  const dynamodb = createDynamodb();
  const rds = createRds({ clock, emit, processes, certificates });
  const secretsmanager = createSecretsManager({ clock, databases: rds });
  const elbv2 = createElbv2({ clock, metrics: cloudwatch, propagationMs: options.propagationMs });
  const ecr = createEcr({ images, clock });
  const ecs = createEcs({
    clock,
    emit,
    processes,
    targets: elbv2,
    secrets: secretsmanager,
    images,
    logs,
    // a container must not be reachable from outside the machine
    environment: () => ({ ...environment(), HOST: '127.0.0.1' }),
  });
  const lambda = createLambda({ clock, logs, assembly: options.assembly, environment });
  const states = createStates({ clock, emit, functions, mayInvoke: options.mayInvoke });
  const events = createEvents({
    clock,
    functions,
    startExecution: (stateMachineArn, input) => states.startExecution(stateMachineArn, input),
    publish: (topicArn, message) => sns.publish(topicArn, message),
  });
  return {
    logs,
    cloudwatch,
    iam,
    ssm,
    sns,
    dynamodb,
    rds,
    secretsmanager,
    elbv2,
    ecr,
    ecs,
    lambda,
    states,
    events,
  };
}

/** Who calls: a function or a task by its access key id; anybody else is the local administrator. */
function callerOf({ iam, lambda }: Services, accessKeyId: string): Caller {
  const role = iam.roles().find(({ name }) => name === accessKeyId);
  return lambda.callerOf(accessKeyId) ?? { accessKeyId, ...(role && { roleArn: role.arn }) };
}

/** Starts the endpoint with every service behind it; throws after having ended what was begun. */
export async function compose(options: CompositionOptions): Promise<Composition> {
  const containerImages = loadImages(options.images);
  const processes = await startProcesses();
  const closers: (() => Promise<void> | undefined)[] = [() => processes.close()];
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    for (const end of closers.reverse()) await end();
  };
  const close = () => {
    closing ??= closeAll();
    return closing;
  };
  try {
    const certificates = await createCertificates(processes.workDir);
    let url = '';
    const environment = () => ({
      AWS_ENDPOINT_URL: url,
      AWS_CA_BUNDLE: certificates.caFile,
      NODE_EXTRA_CA_CERTS: certificates.caFile,
    });
    let authorise: Authorise = () => {};
    const mayInvoke = (roleArn: string, functionArn: string) =>
      authorise('lambda', 'Invoke', { FunctionName: functionArn }, { accessKeyId: 'states', roleArn });
    const services = createServices({
      ...options,
      containerImages,
      processes,
      certificates,
      environment,
      mayInvoke,
    });
    const all: readonly Service[] = Object.values(services);
    // those made last use those made before them, and end first
    for (const service of all) closers.push(() => service.close?.());

    authorise = createAuthorise(services.iam, services.ecs);
    const faults = createFaults(options.faults);
    const customResources = createCustomResources({
      clock: options.clock,
      functions: services.lambda,
      responseUrl: (id) => url + responsePath(id),
    });
    const endpoint = await startEndpoint({
      services: all,
      authorise,
      faults,
      clock: options.clock,
      port: options.port,
      callerOf: (accessKeyId) => callerOf(services, accessKeyId),
      extra: receiveResponses(customResources),
    });
    closers.push(() => endpoint.close());
    url = endpoint.url;
    const makers = Object.assign({}, ...all.map(({ resources }) => resources));
    return { services, makers, customResources, endpoint, faults, processes, certificates, close };
  } catch (error) {
    await close();
    throw error;
  }
}

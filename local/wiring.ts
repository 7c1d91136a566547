import { join } from 'node:path';
import type { Failure, RunTaskRequest } from '@aws-sdk/client-ecs';
import type { Clock } from './clock';
import type { Slowness } from './consistency';
import type { RunTask } from './ecs-target';
import type { Faults } from './endpoint';
import type { Certificates } from './postgres/certificates';
import type { Processes } from './processes';
import type { Caller, CloudEvent, Functions } from './service';
import { createAcm } from './services/acm';
import { createApiGateway } from './services/apigatewayv2';
import { createApplicationAutoScaling } from './services/application-autoscaling';
import { createCloudFormation } from './services/cloudformation';
import { createCloudWatch } from './services/cloudwatch';
import { createDynamodb } from './services/dynamodb';
import { createEcr, type Images } from './services/ecr';
import { createEcs } from './services/ecs';
import { createElbv2 } from './services/elbv2';
import { createEvents } from './services/events';
import { createIam } from './services/iam';
import { createLambda, type Lambda } from './services/lambda';
import { withMisfortunes } from './services/lambda/misfortunes';
import { createLogs } from './services/logs';
import { createRds } from './services/rds';
import { SLOW } from './services/rds/pace';
import { createS3 } from './services/s3';
import { createScheduler } from './services/scheduler';
import { createSecretsManager } from './services/secretsmanager';
import { createSns } from './services/sns';
import { createSqs, type Message } from './services/sqs';
import { createSsm } from './services/ssm';
import { createStates } from './services/states';
import { createSts } from './services/sts';
import type { StackDependencies } from './template';

/** Between the one and the three minutes that AWS takes. */
const METRICS_DELAY_MS = 120_000;

/**
 * How long requests follow a rule's old weights with AWS's slowness. AWS documents no time: seen in the field, and cured by
 * waiting for two minutes (argoproj/argo-rollouts#4595).
 */
const PROPAGATION_MS = 5_000;

export interface WiringOptions {
  clock: Clock;
  assembly: string;
  propagationMs?: number;
  metrics?: 'aws';
  consistency?: Slowness;
  startAhead?: boolean;
  processes: Processes;
  certificates: Certificates;
  containerImages: Images;
  faults: Faults;
  /** What every function and container has in its environment. */
  environment: () => Record<string, string>;
  /** What stacks are made with: all services, and the endpoint before them. */
  stackDependencies: () => StackDependencies;
  mayInvoke: (roleArn: string, functionArn: string) => void;
  maySend: (roleArn: string, queueArn: string) => void;
  callerOf: (accessKeyId: string) => Caller;
  mayCall: (caller: Caller, resource: string) => void;
  mayRun: (service: string, roleArn: string, request: RunTaskRequest) => void;
}

/** Every service with the ports of the others that it needs; those that come later are called when they are there. */
export function createServices(options: WiringOptions) {
  const { clock, processes, certificates, environment, containerImages: images, consistency } = options;
  const emit = (event: CloudEvent) => events.emit(event);
  const functions: Functions & Pick<Lambda, 'enqueue'> = {
    invoke: (...request) => lambda.invoke(...request),
    enqueue: (...event) => lambda.enqueue(...event),
    expect: (functionArn) => lambda.expect?.(functionArn),
    versionOf: (functionArn) => lambda.versionOf?.(functionArn) ?? '$LATEST',
  };
  const invokedBy = (service: string) =>
    withMisfortunes({
      ...{ functions, clock, service, faults: options.faults },
      kill: (functionArn) => lambda.kill(functionArn.split(':')[6] ?? ''),
      ended: (functionArn, error) => lambda.ended(functionArn, error),
    });

  const cloudwatch = createCloudWatch({
    clock,
    tells: {
      emit,
      publish: (topic, message, subject, sourceArn) =>
        void sns.publish(topic, message, subject, { service: 'cloudwatch.amazonaws.com', sourceArn }),
    },
  });
  const logs = createLogs({ clock, metrics: cloudwatch });
  const iam = createIam();
  const ssm = createSsm({ clock });
  const s3 = createS3({ clock });
  const sns = createSns({ clock, functions });
  const sqs = createSqs({ clock, metrics: cloudwatch });
  const dynamodb = createDynamodb(join(processes.workDir, 'dynamodb'));
  const rds = createRds({ clock, emit, processes, certificates, pace: consistency && SLOW });
  const secretsmanager = createSecretsManager({ clock, databases: rds });
  const acm = createAcm({ certificates });
  const elbv2 = createElbv2({
    clock,
    identityOf: acm.identityOf,
    metrics: cloudwatch,
    functions: invokedBy('elasticloadbalancing'),
    propagationMs: options.propagationMs ?? (consistency && PROPAGATION_MS),
    metricsDelayMs: options.metrics === 'aws' ? METRICS_DELAY_MS : undefined,
    // asked at once, a process that is just starting always misses the check, and waits a whole interval for the next
    firstCheckMs: consistency ? Number.POSITIVE_INFINITY : 1_000,
  });
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
  const applicationAutoscaling = createApplicationAutoScaling({ clock, counts: ecs.counts });
  const destinations = {
    publish: (topic: string, message: string) => void sns.publish(topic, message),
    emit,
    send: (queueArn: string, roleArn: string, letter: Pick<Message, 'body' | 'attributes'>) => {
      options.maySend(roleArn, queueArn);
      sqs.send({ ...letter, queueArn });
    },
  };
  const lambda = createLambda({
    ...options,
    ...{ logs, metrics: cloudwatch, environment, destinations, sleepy: consistency !== undefined },
  });
  const states = createStates({
    clock,
    emit,
    metrics: cloudwatch,
    functions: invokedBy('states'),
    mayInvoke: options.mayInvoke,
    objectOf: s3.read,
  });
  const tasksOf =
    (service: string): RunTask =>
    async (roleArn, request) => {
      options.mayRun(service, roleArn, request);
      const { failures } = await ecs.operations.RunTask!(request, { accessKeyId: service, roleArn });
      if (failures.length > 0) throw new Error(failures.map(({ reason }: Failure) => reason).join(', '));
    };
  const events = createEvents({
    clock,
    functions: invokedBy('events'),
    startExecution: (stateMachineArn, input) => states.startExecution(stateMachineArn, input),
    publish: (topicArn, message) => sns.publish(topicArn, message),
    runTask: tasksOf('events'),
    sendTo: (queueArn, sourceArn, letter) =>
      sqs.send({ ...letter, queueArn }, { service: 'events.amazonaws.com', sourceArn }),
  });
  const cloudformation = createCloudFormation({
    clock,
    dependencies: options.stackDependencies,
    objectOf: s3.read,
  });
  const { callerOf, mayCall } = options;
  const apigateway = createApiGateway({ clock, callerOf, mayCall, functions: invokedBy('apigateway') });
  const sts = createSts({ clock, iam });
  const scheduler = createScheduler({ clock, runTask: tasksOf('scheduler') });
  return {
    logs,
    cloudwatch,
    iam,
    ssm,
    s3,
    sns,
    sqs,
    dynamodb,
    rds,
    secretsmanager,
    acm,
    elbv2,
    ecr,
    ecs,
    applicationAutoscaling,
    lambda,
    states,
    events,
    scheduler,
    apigateway,
    cloudformation,
    sts,
  };
}

export type Services = ReturnType<typeof createServices>;

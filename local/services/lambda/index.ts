import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock';
import type {
  Caller,
  Functions,
  Invocation,
  LogSink,
  Metrics,
  ResourceMaker,
  ResourceUpdater,
  Service,
} from '../../service';
import { type Attempt, createQueue } from './asynchronous';
import type { Destinations } from './destinations';
import { ExecutionEnvironment, type FunctionError, newStream, platformLine } from './execution-environment';
import { type FunctionProperties, functionOf, type LambdaFunction, refusalOf } from './function';
import { invokeOperation } from './invoke';
import { Places } from './places';
import { Qualifiers, splitReference } from './qualifiers';
import { DEFAULT_SETTINGS, settingsOf } from './settings';
import { Sleep } from './sleep';
import { checkUrl, FunctionUrl } from './url';
import { versionOperations } from './version-operations';

/** Warm environments kept for later, over all functions; each is a thread with a loaded bundle. */
const MOST_IDLE = 96;

/**
 * Milliseconds of the machine's time after which a warm environment that nobody has needed is ended: what a busy moment
 * started would stay for ever. AWS does so as well, and does not say after how long.
 */
const LONGEST_IDLE_MS = 5 * 60_000;

/**
 * Invocations of one function that work at the same time; more wait for their turn, where each would be one more thread for
 * cores that are busy already. Of one function, because a function may wait for another one. So nothing is refused of a function
 * that has reserved more.
 */
const MOST_AT_WORK = 16;

/** A fault of the Lambda service itself; Step Functions reports it as `Lambda.<name>`. */
export class LambdaServiceError extends Error {
  constructor(
    override readonly name:
      | 'ResourceNotFoundException'
      | 'TooManyRequestsException'
      | 'ResourceConflictException',
    message: string,
  ) {
    super(message);
  }
}

export interface Lambda extends Service, Functions {
  /** Takes an event for later, see EventFunctions; `first` stands for the first attempt when it is given. */
  enqueue(functionArn: string, event: unknown, first?: Attempt): Promise<void>;
  /** The caller behind an access key id, when it is a function's. */
  callerOf(accessKeyId: string): Caller | undefined;
  /** Ends every environment of a function at once, as a crash of its host would; by its name, or a caller's access key id. */
  kill(functionName: string): Promise<void>;
  /** Has every function with a network interface sleep, where they do. */
  sleep(): void;
  /** Logs and counts an invocation as one that ended so. */
  ended(functionArn: string, error: FunctionError): void;
  /** The functions there are, by name. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

export interface LambdaDependencies {
  clock: Clock;
  logs: LogSink;
  /** @default nowhere */
  metrics?: Metrics;
  /** The cloud assembly, to which asset paths are relative. */
  assembly: string;
  /** What every function's environment holds besides its own, e.g. AWS_ENDPOINT_URL. */
  environment: () => Record<string, string>;
  /** Where the ends of asynchronous invocations are sent. */
  destinations?: Omit<Destinations, 'invoke'>;
  /** Starts a function's first environment when it is expected to be invoked; off by default. */
  startAhead?: boolean;
  /** Functions with a network interface sleep when nobody calls them; off by default. */
  sleepy?: boolean;
}

const asleep = (state: string) =>
  new LambdaServiceError(
    'ResourceConflictException',
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );

const isForgotten = (environment: ExecutionEnvironment | undefined) =>
  environment !== undefined && performance.now() - environment.idleSince > LONGEST_IDLE_MS;

const nameOf = (reference: string) => splitReference(reference).name;

const NOWHERE: Omit<Destinations, 'invoke'> = { publish: () => {}, emit: () => {}, send: () => {} };

/** Lambda: each function's bundle runs in worker threads, one per concurrent invocation, kept warm. */
export function createLambda(deps: LambdaDependencies): Lambda {
  const qualifiers = new Qualifiers();
  const { functions } = qualifiers;
  /** Of a function, whichever its version. */
  const places = new Map<string, Places>();
  const sleep = deps.sleepy ? new Sleep(deps.clock) : undefined;
  /** By the function's ARN, with its qualifier where it has one. */
  const urls = new Map<string, FunctionUrl>();
  const running = new Set<ExecutionEnvironment>();
  let idle: ExecutionEnvironment[] = [];
  let closed = false;
  const queue = createQueue({
    clock: deps.clock,
    destinations: {
      ...(deps.destinations ?? NOWHERE),
      invoke: (functionArn, event) => enqueue(functionArn, event),
    },
  });

  function take(fn: LambdaFunction): ExecutionEnvironment {
    const warm = idle.findLast((environment) => environment.fn === fn && !environment.dead);
    if (warm) idle = idle.filter((environment) => environment !== warm);
    const taken = warm ?? new ExecutionEnvironment(fn, deps);
    running.add(taken);
    return taken;
  }

  async function giveBack(environment: ExecutionEnvironment): Promise<void> {
    running.delete(environment);
    if (closed) await environment.kill();
    else if (!environment.dead) idle.push(environment);
    environment.idleSince = performance.now();
    // the one that is idle for longest comes first
    while (idle.length > MOST_IDLE || isForgotten(idle[0])) await idle.shift()!.kill();
  }

  /** The function in the version that is meant; a qualifier that is not there is refused as a function that is not. */
  function find(reference: string, qualifier?: string): LambdaFunction {
    const missing = (what: string) =>
      new LambdaServiceError('ResourceNotFoundException', `Function not found: ${what}`);
    const latest = functions.get(nameOf(reference));
    if (!latest) throw missing(reference);
    const found = qualifiers.resolve(reference, qualifier);
    if (found.fn) return found.fn;
    throw missing(`${latest.arn}:${found.qualifier}`);
  }

  function admitted(reference: string): LambdaFunction {
    const fn = find(reference);
    const state = sleep?.call(fn) ?? 'Active';
    if (state !== 'Active') throw asleep(state);
    const busy = [...running].filter((environment) => environment.fn.name === fn.name).length;
    if (busy >= (functions.get(fn.name)!.reservedConcurrency ?? Number.POSITIVE_INFINITY)) {
      throw new LambdaServiceError('TooManyRequestsException', 'Rate Exceeded.');
    }
    return fn;
  }

  async function invoke(reference: string, payload: unknown, signal?: AbortSignal): Promise<Invocation> {
    signal?.throwIfAborted();
    const ended = inTurn(admitted(reference), payload);
    return signal ? abandonable(ended, signal) : ended;
  }

  async function enqueue(reference: string, event: unknown, first?: Attempt): Promise<void> {
    const fn = find(reference);
    const again: Attempt = (payload) => invoke(reference, payload);
    queue.take({ fn, event, first: first ?? again, again });
  }

  async function inTurn(fn: LambdaFunction, payload: unknown): Promise<Invocation> {
    const place = places.get(fn.name)!;
    // at once where a place is free: reserved concurrency is counted by who is at work
    const turn = place.enter();
    if (turn) await turn;
    const environment = take(fn);
    try {
      return counted(fn, await environment.invoke(payload));
    } finally {
      place.leave();
      await giveBack(environment);
    }
  }

  const measure = ({ name }: LambdaFunction, metric: string) =>
    deps.metrics?.record({
      namespace: 'AWS/Lambda',
      name: metric,
      dimensions: { FunctionName: name },
      value: 1,
      unit: 'Count',
    });

  /** Of a function in all its versions. Source: AWS Lambda Developer Guide, "Types of metrics for Lambda functions". */
  function counted(fn: LambdaFunction, invocation: Invocation): Invocation {
    measure(fn, 'Invocations');
    if ('error' in invocation) measure(fn, 'Errors');
    return invocation;
  }

  function ended(reference: string, error: FunctionError): void {
    const fn = find(reference);
    measure(fn, 'Errors');
    deps.logs.write(fn.logGroup, newStream(fn, deps.clock), platformLine(deps.clock, randomUUID(), error));
  }

  function expect(reference: string): void {
    const { fn } = qualifiers.resolve(reference);
    if (!deps.startAhead || closed || fn === undefined || idle.length >= MOST_IDLE) return;
    const known = [...running, ...idle].some((environment) => environment.fn === fn && !environment.dead);
    if (!known) idle.push(new ExecutionEnvironment(fn, deps));
  }

  async function kill(reference: string): Promise<void> {
    const name = nameOf(reference);
    const own = [...running, ...idle].filter((environment) => environment.fn.name === name);
    idle = idle.filter((environment) => environment.fn.name !== name);
    await Promise.all(own.map((environment) => environment.kill()));
  }

  /** Another environment, code or role is another function behind the same name: what is warm of the one before goes. */
  async function become(fn: LambdaFunction): Promise<void> {
    const before = functions.get(fn.name);
    functions.set(fn.name, fn);
    sleep?.made(fn.name);
    places.set(fn.name, new Places(Math.min(fn.reservedConcurrency ?? MOST_AT_WORK, MOST_AT_WORK)));
    const old = idle.filter((environment) => environment.fn === before);
    idle = idle.filter((environment) => environment.fn !== before);
    await Promise.all(old.map((environment) => environment.kill()));
  }

  const functionResource = ({ name, arn }: LambdaFunction) => ({ ref: name, attributes: { Arn: arn } });

  const createFunction: ResourceMaker = async (properties: FunctionProperties, context) => {
    const fn = functionOf(properties, context, deps);
    await become(fn);
    return functionResource(fn);
  };

  const updateFunction: ResourceUpdater = async (properties: FunctionProperties, context) => {
    const name = properties.FunctionName ?? context.ref;
    const { asynchronous } = functions.get(name) ?? {};
    const fn = functionOf(properties, { ...context, name }, deps);
    await become({ ...fn, ...(asynchronous && { asynchronous }) });
    return functionResource(fn);
  };

  const createVersion: ResourceMaker = ({ FunctionName: reference }) => {
    const { version, isNew } = qualifiers.publish(find(nameOf(reference)));
    if (!isNew)
      throw new Error(
        `A version for this Lambda function exists ( ${version.version} ). Modify the function to create a new version.`,
      );
    const versionArn = `${version.arn}:${version.version}`;
    return { ref: versionArn, attributes: { Version: version.version, FunctionArn: versionArn } };
  };

  const declareAlias: ResourceMaker = ({ FunctionName: reference, Name: alias, FunctionVersion }) => {
    const { name, arn, version } = find(nameOf(reference), FunctionVersion);
    qualifiers.setAlias(name, alias, version);
    const aliasArn = `${arn}:${alias}`;
    return { ref: aliasArn, attributes: { AliasArn: aliasArn } };
  };

  const configureEvents: ResourceMaker = ({ FunctionName: reference, ...config }, { logicalId }) => {
    find(reference).asynchronous = settingsOf(config);
    return { ref: logicalId };
  };

  const createUrl: ResourceMaker = async ({ TargetFunctionArn: reference, Qualifier, ...properties }) => {
    checkUrl(properties);
    const { arn } = find(reference);
    const functionArn = Qualifier === undefined ? arn : `${arn}:${Qualifier}`;
    await urls.get(functionArn)?.close();
    const url = await FunctionUrl.open(functionArn, (event) => invoke(functionArn, event), deps.clock);
    urls.set(functionArn, url);
    return { ref: functionArn, attributes: { FunctionArn: functionArn, FunctionUrl: url.address } };
  };

  return {
    signingName: 'lambda',
    operations: {
      Invoke: invokeOperation({
        versionOf: (reference, qualifier) => find(reference, qualifier).version,
        invoke,
        enqueue,
      }),
      ...versionOperations(qualifiers, find, (fn) => sleep?.stateOf(fn) ?? 'Active'),
    },
    resources: {
      'AWS::Lambda::Function': createFunction,
      'AWS::Lambda::Version': createVersion,
      'AWS::Lambda::Alias': declareAlias,
      'AWS::Lambda::EventInvokeConfig': configureEvents,
      'AWS::Lambda::Url': createUrl,
    },
    updates: {
      'AWS::Lambda::Function': updateFunction,
      'AWS::Lambda::Alias': declareAlias,
      'AWS::Lambda::EventInvokeConfig': configureEvents,
    },
    removals: {
      'AWS::Lambda::Function': (ref) => qualifiers.delete(ref),
      'AWS::Lambda::Version': (ref) => qualifiers.delete(nameOf(ref), splitReference(ref).qualifier),
      'AWS::Lambda::EventInvokeConfig': (_, { FunctionName: reference }) => {
        find(reference).asynchronous = DEFAULT_SETTINGS;
      },
      'AWS::Lambda::Url': async (ref) => {
        await urls.get(ref)?.close();
        urls.delete(ref);
      },
      'AWS::Lambda::Alias': (ref) => qualifiers.deleteAlias(nameOf(ref), splitReference(ref).qualifier!),
    },
    refusals: { 'AWS::Lambda::Function': refusalOf },
    functions,
    versionOf: (reference) => find(reference).version,
    invoke,
    enqueue,
    expect,
    kill,
    ended,
    sleep: () => sleep?.idle(functions.values()),
    callerOf(accessKeyId) {
      const { fn } = qualifiers.resolve(accessKeyId);
      return fn && { accessKeyId, roleArn: fn.role };
    },
    async close() {
      closed = true;
      queue.close();
      await Promise.all([...urls.values()].map((url) => url.close()));
      await Promise.all([...running, ...idle].map((environment) => environment.kill()));
      idle = [];
    },
  };
}

/** As on AWS, a function whose caller stopped waiting runs on; only the caller is told. */
function abandonable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(signal.reason);
    signal.addEventListener('abort', abandon, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}

import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../../clock';
import { arn, REGION } from '../../names';
import { type AsynchronousSettings, DEFAULT_SETTINGS } from './settings';

export const LATEST = '$LATEST';

/** A function as it is now, or as a published version has it. */
export interface LambdaFunction {
  name: string;
  arn: string;
  /** `$LATEST` or a number. */
  version: string;
  /** Of a number: what it was published from. */
  published?: LambdaFunction;
  /** The folder of its bundle. */
  root: string;
  /** "<file>.<export>". */
  handler: string;
  role: string;
  timeoutMs: number;
  memoryMb: number;
  logGroup: string;
  /** The most invocations at the same time; unlimited when absent. */
  reservedConcurrency?: number;
  variables: Record<string, string>;
  /** When it became so, in ms of cloud time. */
  modifiedAt: number;
  asynchronous: AsynchronousSettings;
  /** It reaches a VPC. */
  hasInterface: boolean;
  /** Topic or queue that gets the events that failed for good. */
  deadLetters?: string;
}

/** The properties of AWS::Lambda::Function that mean something here. */
export interface FunctionProperties {
  FunctionName?: string;
  Handler?: string;
  Role?: string;
  Runtime?: string;
  PackageType?: string;
  Timeout?: number | string;
  MemorySize?: number | string;
  Layers?: unknown[];
  ReservedConcurrentExecutions?: number;
  LoggingConfig?: { LogGroup?: string };
  Environment?: { Variables?: Record<string, string> };
  DeadLetterConfig?: { TargetArn?: string };
  VpcConfig?: { SubnetIds?: unknown[] };
}

const AWS_DEFAULTS = { timeoutSeconds: 3, memoryMb: 128 };

/** Where a function logs that names no group. */
const ownLogGroup = (name: string) => `/aws/lambda/${name}`;

/**
 * The part of its streams' names that says which function wrote them: none in its own group, its name in one that it may share
 * with others. Source: AWS Lambda Developer Guide, "Configuring CloudWatch log groups".
 */
export const streamOwner = ({ name, logGroup }: LambdaFunction) =>
  logGroup === ownLogGroup(name) ? '' : name;

/** Where the bundle lies: the asset's path in the template's metadata, relative to the cloud assembly. */
function bundleFolder(metadata: Record<string, unknown>, assembly: string): string {
  const path = metadata['aws:asset:path'];
  if (typeof path !== 'string') {
    throw new Error('its code is no asset of the cloud assembly; use lambda.Code.fromAsset');
  }
  const folder = resolve(assembly, path);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new Error(`its bundle ${folder} is no folder; synthesise again`);
}

/** What of a function has no local part. */
export function refusalOf({ Runtime = '(none)', Layers }: FunctionProperties): string | undefined {
  if (!Runtime.startsWith('nodejs')) return `runtime ${Runtime} is not available; use a nodejs runtime`;
  if (Layers?.length) return 'layers are not supported by the local cloud; bundle their code';
  return undefined;
}

/** Reads a function's properties; throws for a runtime, layer or package the local cloud cannot run. */
export function functionOf(
  properties: FunctionProperties,
  context: { name: string; metadata: Record<string, unknown> },
  { assembly, clock }: { assembly: string; clock: Clock },
): LambdaFunction {
  const refusal = refusalOf(properties);
  if (refusal) throw new Error(refusal);
  const name = properties.FunctionName ?? context.name;
  return {
    name,
    arn: arn('lambda', `function:${name}`),
    version: LATEST,
    root: bundleFolder(context.metadata, assembly),
    handler: properties.Handler ?? 'index.handler',
    role: properties.Role ?? '',
    timeoutMs: Number(properties.Timeout ?? AWS_DEFAULTS.timeoutSeconds) * 1000,
    memoryMb: Number(properties.MemorySize ?? AWS_DEFAULTS.memoryMb),
    logGroup: properties.LoggingConfig?.LogGroup ?? ownLogGroup(name),
    ...(properties.ReservedConcurrentExecutions !== undefined && {
      reservedConcurrency: Number(properties.ReservedConcurrentExecutions),
    }),
    variables: properties.Environment?.Variables ?? {},
    modifiedAt: clock.now(),
    asynchronous: DEFAULT_SETTINGS,
    hasInterface: (properties.VpcConfig?.SubnetIds ?? []).length > 0,
    deadLetters: deadLetters(properties.DeadLetterConfig?.TargetArn),
  };
}

function deadLetters(target: string | undefined): string | undefined {
  if (target === undefined || ['sns', 'sqs'].includes(target.split(':')[2] ?? '')) return target;
  throw new Error(`the dead-letter target ${target} is neither an SNS topic nor an SQS queue`);
}

/** By this the calls of a function are known to be its own: its name, and of a published version the number behind it. */
export const keyIdOf = ({ name, version }: LambdaFunction) =>
  version === LATEST ? name : `${name}:${version}`;

/** The environment of a function: its own variables, Lambda's, and of the parent's only PATH and TMPDIR. */
export function environmentOf(fn: LambdaFunction, cloud: Record<string, string>): Record<string, string> {
  const inherited = ['PATH', 'TMPDIR'].flatMap((key) => {
    const value = process.env[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    LAMBDA_TASK_ROOT: fn.root,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs',
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: fn.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    // the endpoint knows callers by their key id, which stands for the role of the version
    AWS_ACCESS_KEY_ID: keyIdOf(fn),
    AWS_SECRET_ACCESS_KEY: 'local',
    // the machine's Node.js may be older than the function's runtime; the SDK would say so in every log
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...cloud,
    ...Object.fromEntries(Object.entries(fn.variables).map(([key, value]) => [key, String(value)])),
    _HANDLER: fn.handler,
  };
}

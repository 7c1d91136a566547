/**
 * What an AWS service of the local cloud is made of: the operations a client may call over the wire, the
 * CloudFormation resource types it creates, and how it ends. The wire endpoint, the template loader and the
 * composition in cloud.ts know services only by this shape.
 */

/** Who calls, found from the access key id of the request's signature. */
export interface Caller {
  readonly accessKeyId: string;
  /** The ARN of the role whose policies decide; absent for the local administrator, who may do everything. */
  readonly roleArn?: string;
}

type Callback<Output> = (error: unknown, data?: Output) => void;

/**
 * The operations of an SDK aggregated client (`RDS`, `ECS`, ...) by their API names, all optional:
 * what a service leaves out is answered with NotImplemented. Expected failures are thrown as the SDK's own
 * exception classes (`new DBInstanceNotFoundFault({ message, $metadata: {} })`).
 */
export type Operations<Client> = {
  [Method in keyof Client & string as Client[Method] extends (
    input: infer _Input,
    options: infer _Options,
    callback: Callback<infer _Output>,
  ) => void
    ? Capitalize<Method>
    : never]?: Client[Method] extends (
    input: infer Input,
    options: infer _Options,
    callback: Callback<infer Output>,
  ) => void
    ? (input: Input, caller: Caller) => Promise<Omit<Output, '$metadata'>> | Omit<Output, '$metadata'>
    : never;
};

/** What CloudFormation knows of a created resource. */
export interface Resource {
  /** The value of `Ref`. */
  ref: string;
  /** The values of `Fn::GetAtt`, by attribute name ("Arn", "Endpoint.Address"). */
  attributes?: Record<string, string>;
}

/** Creates a resource from its resolved properties; `name` is a physical name to use when none is given. */
export type ResourceMaker = (
  // biome-ignore lint/suspicious/noExplicitAny: the properties are CloudFormation's, one shape per resource type
  properties: any,
  context: { logicalId: string; name: string; metadata: Record<string, unknown> },
) => Promise<Resource> | Resource;

/** Changes the resource `ref` in place; `before` are its properties until now. */
export type ResourceUpdater = (
  // biome-ignore lint/suspicious/noExplicitAny: the properties are CloudFormation's, one shape per resource type
  properties: any,
  // biome-ignore lint/suspicious/noExplicitAny: and so are those
  context: Parameters<ResourceMaker>[1] & { ref: string; before: any },
) => Promise<Resource> | Resource;

/** What stands for a value of a template that only the resource it is of will tell. */
export const unknownValue = (name: string) => `\u2039${name}\u203a`;
export const isUnknown = (text: string) => text.includes('\u2039');

/** One AWS service. */
export interface Service {
  /** SigV4 signing name, e.g. "rds", "states", "elasticloadbalancing"; it selects the wire description. */
  readonly signingName: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are typed where they are implemented, by Operations<Client>
  readonly operations: Record<string, ((input: any, caller: Caller) => any) | undefined>;
  readonly resources?: Record<string, ResourceMaker>;
  /** How a stack's update changes resources in place; of a type that only has a removal each change makes another one. */
  readonly updates?: Record<string, ResourceUpdater>;
  /** Ends a resource, by its `Ref` and its properties, that its stack no longer names or that another one has replaced. */
  readonly removals?: Record<
    string,
    // biome-ignore lint/suspicious/noExplicitAny: the properties are CloudFormation's, one shape per resource type
    (ref: string, properties: any, how?: { withSnapshot: boolean }) => Promise<void> | void
  >;
  /**
   * What of a resource has no local part, by its type: asked before anything is made. A value that nobody knows yet stands
   * in its properties as `unknownValue` writes it.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the properties are CloudFormation's, one shape per resource type
  readonly refusals?: Record<string, (properties: any) => string | undefined>;
  /**
   * The properties of a resource as they are now, by its type and `Ref`, as far as somebody else could have changed them;
   * undefined for one that is not there.
   */
  readonly live?: Record<string, (ref: string) => Readonly<Record<string, unknown>> | undefined>;
  /** The tags of the service's resource with this ARN, for conditions on them; undefined when it is not here. */
  tagsOf?(resource: string): Readonly<Record<string, string>> | undefined;
  /** The ARN of the account's own key that encrypts the service's resource with this ARN; undefined for any other. */
  keyOf?(resource: string): string | undefined;
  /** Ends everything the service started; called once. */
  close?(): Promise<void>;
}

/** An event on its way to the default event bus, in EventBridge's words. */
export interface CloudEvent {
  source: string;
  detailType: string;
  detail: Record<string, unknown>;
  resources?: string[];
}
export type Emit = (event: CloudEvent) => void;

/** One address behind a target group. */
export interface Target {
  id: string;
  port: number;
}

/** The load balancer as ECS uses it. */
export interface Targets {
  register(targetGroupArn: string, target: Target): void;
  /** Resolves once the deregistration delay is over and the target is unused. */
  deregister(targetGroupArn: string, target: Target): Promise<void>;
  health(targetGroupArn: string, target: Target): string;
}

/** ECS services as Application Auto Scaling counts and scales them. */
export interface ServiceCounts {
  /** Undefined when no such service is active. */
  of(cluster: string, service: string): { desired: number; deploying: boolean } | undefined;
  set(cluster: string, service: string, desired: number): void;
}

/** Secrets as ECS injects them. */
export interface Secrets {
  /** `reference` is a secret ARN, or ARN:json-key:version-stage:version-id as in a task definition's `valueFrom`. */
  value(reference: string): string;
}

export interface LogSink {
  write(group: string, stream: string, message: string): void;
}

/** CloudWatch as the parts of the local cloud publish to it. */
export interface Metrics {
  /** `values` and `counts` stand for many samples at once: `values[i]` was seen `counts[i]` times; `value` is then not read. */
  record(sample: {
    namespace: string;
    name: string;
    dimensions: Record<string, string>;
    value: number;
    values?: readonly number[];
    counts?: readonly number[];
    unit?: string;
    /** The moment it counts for, in ms of cloud time; now by default. */
    at?: number;
  }): void;
}

/** Where a database answers. */
export interface DatabaseEndpoint {
  identifier: string;
  host: string;
  port: number;
  databaseName: string;
  engine: string;
}
export interface Databases {
  endpointOf(instance: string): DatabaseEndpoint | undefined;
  /** Of an Aurora DB cluster: that of its writer. */
  clusterEndpointOf(cluster: string): DatabaseEndpoint | undefined;
}

/** How a Lambda invocation ended; `error` is the function's own (FunctionError), with Lambda's payload shape. */
export type Invocation =
  | { payload: unknown }
  | { error: { errorType: string; errorMessage: string; stackTrace?: string[] } };

/** Lambda as services use it that wait for no answer. */
export interface EventFunctions {
  /**
   * Hands over an event; resolves when Lambda has taken it, and rejects with the SDK's exception when it does not. What
   * fails afterwards is Lambda's business, which tries again.
   */
  enqueue(functionArn: string, event: unknown): Promise<void>;
}

export interface Functions {
  /** Rejects with the SDK's exception for faults of the Lambda service itself. */
  invoke(functionArn: string, payload: unknown, signal?: AbortSignal): Promise<Invocation>;
  /** The version that a reference to a function means now: `$LATEST` or a number. */
  versionOf?(functionArn: string): string;
  /** Says that a function may be invoked soon; what is then started early changes nothing but when it answers. */
  expect?(functionArn: string): void;
}

import { resolve } from 'node:path';
import { type Clock, scaledClock } from './clock';
import { type Composition, compose } from './composition';
import type { Slowness } from './consistency';
import type { Fault, Faults } from './endpoint';
import { REGION } from './names';
import { progressLine } from './progress';
import type { ImageMap } from './services/ecr';
import { readAssembly, type Stack, type Template } from './template';
import type { Rates } from './throttling';
import type { Services } from './wiring';

export interface CloudOptions {
  /** The folder of a synthesised cloud assembly (cdk.out), whose stacks are created; none by default. */
  assembly?: string;
  /** The image map: which folder stands for which container image. */
  images?: string;
  /** More images, beside those of the map. */
  image?: readonly ImageMap[];
  /** The stacks to create; all by default. */
  stacks?: readonly string[];
  /** How many times as fast as the wall clock cloud time runs; 1 by default. */
  speed?: number;
  faults?: readonly Fault[];
  /** The port of the endpoint; a free one by default. */
  port?: number;
  /** How long a load balancer goes on following old rules after a change, in ms of cloud time; by default 0, or as `consistency` has it. */
  propagationMs?: number;
  /** `aws`: load balancers publish by the minute, and two minutes late; at once by default. */
  metrics?: 'aws';
  /** AWS's slowness: what lags, and by how much, is in docs/local-cloud.md; without, everything is there at once. */
  consistency?: Slowness;
  /** Refuses calls beyond the rates that AWS publishes, by cloud time; none by default. */
  throttling?: Rates;
  /**
   * Loads a function while the task before it runs, so that it answers sooner; nothing else differs. Off by default, because
   * it also loads those of branches that are not taken.
   */
  startAhead?: boolean;
  /** Values of template parameters, by name. */
  parameters?: Record<string, string>;
  /** Where all of its files go, the databases' as well; by default in memory, or in the system's temporary directory. */
  directory?: string;
  /** Receives one line per thing that became ready. */
  log?: (line: string) => void;
}

export interface CloudResource {
  type: string;
  ref: string;
  attributes: Record<string, unknown>;
}

export interface Cloud {
  /** For AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly region: string;
  /** PEM file of the authority that signs the databases' certificates. */
  readonly caFile: string;
  readonly workDir: string;
  readonly stacks: ReadonlyMap<string, Stack>;
  /** All resources by logical id; where two stacks use the same id, the later one's is `<stack>.<id>`. */
  readonly resources: Readonly<Record<string, CloudResource>>;
  /** All outputs, keyed likewise. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly faults: Faults;
  /** The services themselves, for tests. */
  readonly services: Services;
  /** How often each operation was called, if given only by functions whose name holds `caller`. */
  calls(caller?: string): ReadonlyMap<string, number>;
  /** How often each operation was refused because of `throttling`. */
  refused(): ReadonlyMap<string, number>;
  /** Resolves when everybody's reads show what was written until now: at once, where none lags. */
  settled(): Promise<void>;
  /** The process ids of all children that run. */
  pids(): number[];
  /** Applies a changed template to a stack; see Stack.update for what may change. */
  update(stack: string, template: Template): Promise<void>;
  /** Ends everything; called once or more often. */
  close(): Promise<void>;
}

async function createStacks(
  options: CloudOptions & { assembly: string },
  { services: { cloudformation }, stackDependencies }: Composition,
): Promise<void> {
  for (const { name, template, assetPath } of readAssembly(options.assembly, options.stacks)) {
    await cloudformation.create(name, template, options.parameters ?? {}, {
      ...stackDependencies,
      codeFolder: (code) =>
        (code.S3Key === undefined ? undefined : assetPath(code.S3Key)) ??
        stackDependencies.codeFolder?.(code),
      told: (event) => {
        const line = progressLine(event);
        if (line) options.log?.(line);
      },
    });
  }
}

/** One record of what all stacks have; a key that is taken gets the stack's name in front. */
function merged<Value>(stacks: ReadonlyMap<string, Stack>, of: (stack: Stack) => Iterable<[string, Value]>) {
  const all: Record<string, Value> = {};
  for (const [name, stack] of stacks) {
    for (const [key, value] of of(stack)) all[key in all ? `${name}.${key}` : key] = value;
  }
  return all;
}

/**
 * Starts a local cloud with everything that the assembly's templates name. Resolves when all is ready; when
 * something fails, ends what was begun and rejects with the reason.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const clock = scaledClock(options.speed);
  // what a template says of a folder is meant from here
  const assembly = resolve(options.assembly ?? '.');
  const parts = await compose({ ...options, assembly, clock, faults: options.faults ?? [] });
  try {
    if (options.assembly !== undefined) await createStacks({ ...options, assembly }, parts);
    // as if it had stood for weeks
    parts.services.lambda.sleep();
    const { stacks } = parts.services.cloudformation;
    return {
      endpoint: parts.endpoint.url,
      region: REGION,
      caFile: parts.certificates.caFile,
      workDir: parts.processes.workDir,
      get stacks() {
        return stacks();
      },
      get resources() {
        return merged<CloudResource>(stacks(), ({ resources }) => resources);
      },
      get outputs() {
        return merged(stacks(), ({ outputs }) => Object.entries(outputs));
      },
      clock,
      faults: parts.faults,
      services: parts.services,
      calls: (caller) => parts.endpoint.calls(caller),
      settled: () => parts.reads.settled(),
      refused: () => parts.throttling.refused(),
      pids: () => parts.processes.pids(),
      update: (name, template) => parts.services.cloudformation.update(name, template),
      close: parts.close,
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

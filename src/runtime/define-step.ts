import '../domain/text/zod-english';
import type * as z from 'zod/mini';
import type { FenceMode } from '../aws/lock';
import type { Opened, Ports } from '../domain/step/port';

/**
 * A step is one Task of the graph: what it may do (`uses`), what it is given (`input`), what it says (`output`), and what it
 * does.
 */
export interface Step<P extends Ports = Ports, Input = unknown, Output = unknown> {
  name: string;
  uses: P;
  /**
   * A step with a fence renews the lease of the lock, and is refused once the deployment has lost it. `renew` does no
   * more; `forward` leads towards the new version, and is refused once a newer
   * deployment has asked this one to give way; `commit` is what users may notice first, after which nobody can ask that.
   */
  fence?: FenceMode;
  /** Until the next acting step at most, where people or long pauses lie between; LEASE_SECONDS by default. */
  leaseSeconds?: number;
  input: z.ZodMiniType<Input>;
  /**
   * Makes the schema of the result, which becomes the state's output and the journal's row: small, plain, and without
   * secrets. One of `src/domain/results`. Nothing parses a result where it is made: see `runStep`.
   */
  output: () => z.ZodMiniType<Output>;
  run(input: Input & Moment, ports: Opened<P>): Promise<Output>;
}

/** What every step is told of the state that it stands for. */
export interface Moment {
  /** When the state was entered, in the state machine's time: the only clock a step has. */
  now: Date;
  /** The deployment whose step it is: the name of the execution that began it. */
  deploymentId: string;
  /** ARN of the execution that the state belongs to; another one than the deployment's own once it was recovered. */
  execution: string;
}

/** Members that are said and not declared: nothing is of the type that this asks for them. */
type Declared<Said, Output> = Said & {
  [Member in Said extends unknown ? Exclude<keyof Said, keyof Output> : never]: never;
};

/** TypeScript checks what `run` says against `output`: every member is there, of its type, and there is no other. */
export function defineStep<P extends Ports, Input, Output, Said extends Output>(
  step: Omit<Step<P, Input, Output>, 'run'> & {
    run(input: Input & Moment, ports: Opened<P>): Promise<Declared<Said, Output>>;
  },
): Step<P, Input, Output> {
  return step;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of steps holds any inputs; each step is checked where it is defined
export type AnyStep = Step<any, any, any>;

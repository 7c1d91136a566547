import type { Clock } from '../../clock';
import type { LambdaFunction } from './function';

/**
 * AWS takes the network interfaces of functions that nobody calls, and says neither when nor for how long they are missing.
 * Seen in the field: after some weeks, and for up to a minute and a half (aws/aws-cdk#20123, #20922, #22612).
 */
const LONGEST_IDLE_MS = 14 * 86_400_000;
const WAKING_MS = 90_000;

export type FunctionState = 'Active' | 'Inactive' | 'Pending';

/**
 * Which functions sleep: those with a network interface that nobody has called for long. The call that finds one so fails, and
 * wakes it. Source: AWS Lambda Developer Guide, "Lambda function states".
 */
export class Sleep {
  /** When a function was called last, or became what it is; `Inactive` once it sleeps. */
  private readonly called = new Map<string, number>();
  private readonly awake = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  stateOf({ name, hasInterface, modifiedAt }: LambdaFunction): FunctionState {
    if (!hasInterface) return 'Active';
    const now = this.clock.now();
    if (now < (this.awake.get(name) ?? now)) return 'Pending';
    return now - (this.called.get(name) ?? modifiedAt) > LONGEST_IDLE_MS ? 'Inactive' : 'Active';
  }

  /** To be called before a function is: says which state it is in then, and wakes it. */
  call(fn: LambdaFunction): FunctionState {
    const state = this.stateOf(fn);
    if (state === 'Inactive') this.awake.set(fn.name, this.clock.now() + WAKING_MS);
    this.called.set(fn.name, this.clock.now());
    return state;
  }

  /** A function that was made or changed is ready. */
  made(name: string): void {
    this.called.delete(name);
  }

  /** As if nobody had called any of them for long. */
  idle(functions: Iterable<LambdaFunction>): void {
    for (const { name } of functions) this.called.set(name, Number.NEGATIVE_INFINITY);
  }
}

import type { Catcher, Retrier } from './definition';
import { errorOutput, matchesError, type StatesError } from './errors';
import type { Frame } from './frame';
import type { StateOutput } from './output';
import { fillTemplate } from './payload-template';
import { placeResult } from './reference-path';

const DEFAULTS = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };

/** The retries of one visit of a state, counted for each retrier. */
export class Retries {
  private readonly used = new Map<Retrier, number>();

  constructor(
    private readonly retriers: readonly Retrier[],
    private readonly random: () => number,
  ) {}

  /** Milliseconds to wait before the state is tried again; undefined when no retrier wants it or has attempts left. */
  delayAfter(error: string): number | undefined {
    const retrier = this.retriers.find((one) => matchesError(one.ErrorEquals, error));
    if (!retrier) return undefined;
    const attempt = this.used.get(retrier) ?? 0;
    if (attempt >= (retrier.MaxAttempts ?? DEFAULTS.MaxAttempts)) return undefined;
    this.used.set(retrier, attempt + 1);
    return this.delay(retrier, attempt);
  }

  private delay(retrier: Retrier, attempt: number): number {
    const { IntervalSeconds, BackoffRate } = { ...DEFAULTS, ...retrier };
    const seconds = Math.min(
      IntervalSeconds * BackoffRate ** attempt,
      retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
    );
    return seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? this.random() : 1);
  }
}

/** The catcher for a failure, if the state has one. */
export function catcherFor(frame: Frame, failure: StatesError): Catcher | undefined {
  return frame.state.Catch?.find((catcher) => matchesError(catcher.ErrorEquals, failure.error));
}

/** What a state gives that failed and whose failure `catcher` takes. */
export async function caughtOutput(
  frame: Frame,
  catcher: Catcher,
  failure: StatesError,
): Promise<StateOutput> {
  const caught = errorOutput(failure);
  const assign = catcher.Assign;
  if (!frame.usesJsonata) {
    const assigned = assign && (fillTemplate(assign, frame.paths(caught)) as Record<string, unknown>);
    return { output: placeResult(frame.input, catcher.ResultPath, caught), assigned };
  }
  const stage = { errorOutput: caught };
  const output =
    catcher.Output === undefined ? caught : await frame.evaluate(catcher.Output, 'Catch/Output', stage);
  const assigned = assign && (await frame.evaluate(assign, 'Catch/Assign', stage));
  return { output, assigned: assigned as Record<string, unknown> | undefined };
}

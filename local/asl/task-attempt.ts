import type { Clock } from '../clock';
import { followingController } from './abort';
import { StatesError } from './errors';

/** Why timers end that nobody waits for any more; without a reason, an abort makes an error with a stack each time. */
const OVER = new Error('the attempt needs this timer no more');

/** Attempts that wait for an answer by their task token. */
export type TaskTokens = Map<string, TaskAttempt>;

/**
 * One attempt of a Task, settled by whichever comes first: its result, its failure, a deadline, or the end of the
 * scope it runs in. It never waits for work that does not heed its signal.
 */
export class TaskAttempt {
  readonly outcome: Promise<unknown>;
  /** Aborted when the attempt is given up, not when it succeeds. */
  readonly signal: AbortSignal;
  private resolve!: (result: unknown) => void;
  private reject!: (error: unknown) => void;
  private readonly timers = new AbortController();
  private heartbeat?: AbortController;
  private heartbeatSeconds?: number;
  private isSubmitted = false;
  private answer?: { output: unknown };
  private readonly release: () => void;

  constructor(
    private readonly clock: Clock,
    outer: AbortSignal,
  ) {
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const { controller, release } = followingController(outer);
    this.signal = controller.signal;
    const interrupt = () => this.reject(outer.reason);
    if (outer.aborted) interrupt();
    this.signal.addEventListener('abort', interrupt, { once: true });
    this.release = release;
    this.outcome.then(
      () => this.stopTimers(),
      (error) => {
        this.stopTimers();
        controller.abort(error);
      },
    );
  }

  /**
   * Fails the attempt after so many seconds with States.Timeout: of its own time for work, which an accelerated clock
   * does not speed up, of cloud time for an answer.
   */
  limit(seconds: number, { forAnswer }: { forAnswer: boolean }): void {
    const { signal } = this.timers;
    const over = forAnswer
      ? this.clock.sleep(seconds * 1000, signal)
      : this.clock.deadline(seconds * 1000, signal);
    this.expire(over, 'States.Timeout');
  }

  /** Fails the attempt with States.HeartbeatTimeout when `beat` is not called every so many seconds. */
  expectHeartbeat(seconds: number): void {
    this.heartbeatSeconds = seconds;
    this.beat();
  }

  beat(): void {
    if (this.heartbeatSeconds === undefined) return;
    this.heartbeat?.abort(OVER);
    this.heartbeat = new AbortController();
    this.expire(
      this.clock.deadline(this.heartbeatSeconds * 1000, this.heartbeat.signal),
      'States.HeartbeatTimeout',
    );
  }

  complete(result: unknown): void {
    this.resolve(result);
  }

  fail(error: unknown): void {
    this.reject(error);
  }

  /** The request that carries the token has been taken; from now on the answer by token completes the attempt. */
  submitted(): void {
    this.isSubmitted = true;
    if (this.answer) this.resolve(this.answer.output);
  }

  /** The answer by token; one that comes while the request is still under way is kept until it has been taken. */
  answerWith(output: unknown): void {
    this.answer = { output };
    if (this.isSubmitted) this.resolve(output);
  }

  private expire(over: Promise<void>, error: string): void {
    over.then(
      () => this.reject(new StatesError(error)),
      () => {},
    );
  }

  private stopTimers(): void {
    this.timers.abort(OVER);
    this.heartbeat?.abort(OVER);
    this.release();
  }
}

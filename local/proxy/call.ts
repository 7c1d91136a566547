import type { Readable } from 'node:stream';

/** Why a call got no answer, or not all of it. */
export interface Failure {
  /** The connection to the target was made. */
  connected: boolean;
  /** The target was silent for too long. */
  timedOut: boolean;
}

/** What carries a call to its target. */
export interface Carrier {
  /** Stops reading until `resume`, and with it the target's clock. */
  pause(): void;
  resume(): void;
  /** Closes the connection because nobody waits for the answer. */
  abandon(): void;
}

/** A request to a target, and the one who takes its answer; after `onEnd` or `onFailure` it hears no more. */
export interface Call {
  readonly method: string;
  /** The request's head as it goes over the wire. */
  readonly head: string;
  /** The request's body as it goes over the wire; undefined when it has none. */
  readonly upload: Readable | undefined;
  /** How long the target may be silent; real time, in ms. */
  readonly idleTimeoutMs: number;
  /** Nobody waits for the answer any more. */
  readonly over: boolean;
  /** The carrier has the call, and may be paused, resumed and abandoned until the call is over. */
  onSent(carrier: Carrier): void;
  /** `headers` are name, value, name, value, as the target sent them. */
  onHead(status: number, headers: string[]): void;
  onBody(bytes: Buffer): void;
  /** All that has arrived by now was handed over, and the answer is not at its end. */
  onPause(): void;
  onEnd(): void;
  onFailure(failure: Failure): void;
}

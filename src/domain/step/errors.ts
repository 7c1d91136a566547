/**
 * Exceptions of a step are for the unexpected; expected bad news is a value and a Choice in the graph.
 * `name` is a literal because bundlers rename classes and `ErrorEquals` matches names.
 */

/** Worth another try: the graph retries this one (and Lambda's own service errors) a few times. */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/**
 * The account asks AWS too often. The graph is patient with it: two hundred deployments that begin in the same second wait
 * for minutes for the load balancer's ten requests a second. Its pauses grow to three minutes, because shorter ones make the
 * crowd at the bucket denser: with a minute 21 of 199 starved, with three none (`npm run scale -- --services 200`).
 */
export class Throttled extends Error {
  override readonly name = 'Throttled';
}

/** The deployment no longer holds its service's lock: whatever it was about to do is refused. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** A person answered before the question could be asked again: the graph goes on with the answer. */
export class AlreadyAnswered extends Error {
  override readonly name = 'AlreadyAnswered';
}

/** A newer deployment has asked this one to give way, and no user has seen its version yet. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** A step was called with an input that its graph should never have given it. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

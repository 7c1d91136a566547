import '../domain/text/zod-english';
import type { Opened, Ports } from '../domain/step/port';
import type { Told } from './log';

/**
 * A function beside the graph: started by an event or a request instead of a Task, with the same declaration of what it
 * may do. It writes no journal row of its own.
 */
export interface Background<P extends Ports = Ports, Result = unknown> {
  name: string;
  /** One sentence for operators, the function's description. */
  comment: string;
  /** `executionFailed`: an execution of the machine ended badly; `signedRequest`: a request whose sender IAM knows and allows. */
  triggers: readonly ('executionFailed' | 'schedule' | 'request' | 'signedRequest')[];
  uses: P;
  run(event: unknown, ports: Opened<P>, now: Date): Promise<Result>;
  /** What of its result is logged, a line each. */
  tell(result: Result): Told[];
}

export function defineBackground<P extends Ports, Result>(
  background: Background<P, Result>,
): Background<P, Result> {
  return background;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of functions holds any ports and results; each is checked where it is defined
export type AnyBackground = Background<any, any>;

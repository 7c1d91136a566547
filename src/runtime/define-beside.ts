import '../domain/text/zod-english';
import type { Opened, Ports } from '../domain/step/port';
import type { Told } from './log';

/**
 * A function beside the graph: started by an event or a request instead of a Task, with the same declaration of what it
 * may do. It writes no journal row of its own.
 */
export interface Beside<P extends Ports = Ports, Result = unknown> {
  name: string;
  /** One sentence for operators, the function's description. */
  comment: string;
  /** `ends`: an execution of the machine ended badly. */
  wokenBy: readonly ('ends' | 'schedule' | 'request')[];
  uses: P;
  run(event: unknown, ports: Opened<P>, now: Date): Promise<Result>;
  /** What of its result is logged, a line each. */
  tell(result: Result): Told[];
}

export function defineBeside<P extends Ports, Result>(beside: Beside<P, Result>): Beside<P, Result> {
  return beside;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of functions holds any ports and results; each is checked where it is defined
export type AnyBeside = Beside<any, any>;

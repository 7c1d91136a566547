import '../domain/text/zod-english';
import type { Opened, Ports } from '../domain/step/port';

/**
 * A function beside the graph: started by an event or a request instead of a Task, with the same declaration of what it
 * may do. It writes no journal row of its own.
 */
export interface Beside<P extends Ports = Ports> {
  name: string;
  /** One sentence for operators, the function's description. */
  comment: string;
  /** `ends`: an execution of the machine ended badly. */
  wokenBy: readonly ('ends' | 'schedule' | 'request')[];
  uses: P;
  run(event: unknown, ports: Opened<P>, now: Date): Promise<unknown>;
}

export function defineBeside<P extends Ports>(beside: Beside<P>): Beside<P> {
  return beside;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of functions holds any ports; each is checked where it is defined
export type AnyBeside = Beside<any>;

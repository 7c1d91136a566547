import { embedded, type Measures } from '../domain/measures/measure';
import type { Port } from '../domain/step/port';
import { stack } from './stack';

export interface Measurer {
  /** What was measured at a moment; of one service, where it is about one. */
  tell(measures: Measures, about: { service?: string; at: Date }): void;
}

/**
 * Metrics by way of the function's own log: no call, and nothing that could fail. Written straight to standard output, because a line
 * of the console has more than JSON on it. Powertools' library always has a dimension, and alarms read totals, which have none.
 */
export const measurer: Port<Measurer> = {
  grants: [],
  open(environment) {
    const { name: workflow } = stack.open(environment);
    return {
      tell(measures, about) {
        process.stdout.write(`${JSON.stringify(embedded(measures, { workflow, ...about }))}\n`);
      },
    };
  },
};

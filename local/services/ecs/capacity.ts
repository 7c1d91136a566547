import type { Definition } from './task-definitions';
import type { Tasks } from './tasks';

/** What the local fleet can hold; change it to see a shortage. */
export interface Capacity {
  /** MiB for all tasks together; undefined is unlimited. */
  memory?: number;
}

const memoryOf = ({ memory }: Definition) => Number(memory ?? 512);

/** The reason why a task does not fit, in the words of RunTask's `failures[]`; undefined when it does. */
export function shortage(capacity: Capacity, tasks: Tasks, definition: Definition): string | undefined {
  if (capacity.memory === undefined) return undefined;
  const used = tasks
    .all()
    .filter(({ lastStatus }) => lastStatus !== 'STOPPED')
    .reduce((sum, task) => sum + memoryOf(task.definition), 0);
  return used + memoryOf(definition) > capacity.memory ? 'RESOURCE:MEMORY' : undefined;
}

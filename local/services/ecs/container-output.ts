import { StringDecoder } from 'node:string_decoder';
import type { LogSink } from '../../service';
import type { Task, TaskContainer } from './task';

const LINES_KEPT = 20;
/** CloudWatch Logs takes no longer events. */
const LONGEST_LINE = 256 * 1024;

/** Where a container's lines go: to its log stream when it has one, and always its newest ones to the container. */
export function writeLines(task: Task, container: TaskContainer, logs: LogSink) {
  const { logDriver, options } = container.definition.logConfiguration ?? {};
  const group = logDriver === 'awslogs' ? options?.['awslogs-group'] : undefined;
  const stream = `${options?.['awslogs-stream-prefix'] ?? task.definition.family}/${container.name}/${task.id}`;

  const line = (text: string) => {
    container.lastLines = [...container.lastLines, text.slice(0, 1_000)].slice(-LINES_KEPT);
    if (group !== undefined) logs.write(group, stream, text);
  };

  const rests: (() => void)[] = [];
  return {
    /** One per output stream: their lines must not be mixed up. */
    data() {
      const decoder = new StringDecoder('utf8');
      let rest = '';
      rests.push(() => {
        if (rest !== '') line(rest);
      });
      return (chunk: Buffer) => {
        const lines = (rest + decoder.write(chunk)).split('\n');
        rest = lines.pop()!;
        if (rest.length > LONGEST_LINE) {
          lines.push(rest);
          rest = '';
        }
        lines.forEach(line);
      };
    },
    /** Writes what was printed without a line end. */
    end() {
      for (const flush of rests) flush();
    },
  };
}

import type { Clock } from '../../clock';
import type { Processes } from '../../processes';
import type { Emit, LogSink, Secrets, Targets } from '../../service';
import type { Images } from '../ecr';

export interface EcsParts {
  clock: Clock;
  emit: Emit;
  processes: Processes;
  targets: Targets;
  secrets: Secrets;
  images: Images;
  logs: LogSink;
  /** Environment that every container gets, such as AWS_ENDPOINT_URL; asked anew at each start. */
  environment: () => Record<string, string>;
}

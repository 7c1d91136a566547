import type {
  CreateScheduleCommandInput,
  GetScheduleCommandOutput,
  UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import { remember } from '../../newest';
import { follow, parseSchedule, type Schedule } from '../../schedule';
import { conflict, invalid, missing } from './faults';

export const DEFAULT_GROUP = 'default';
const START_LATENESS_MS = 300_000;

type Input = CreateScheduleCommandInput | UpdateScheduleCommandInput;
/** A schedule as GetSchedule shows it. */
export type Shown = Omit<GetScheduleCommandOutput, '$metadata'> & { Name: string; GroupName: string };
interface Kept {
  shown: Shown;
  end: AbortController;
}

/** An invocation that came to nothing. */
export interface Failed {
  schedule: string;
  reason: string;
}

/** What is due calls this. */
export type Invoke = (schedule: Shown) => Promise<void>;

/** Schedules of all groups; each runs as long as it is enabled. */
export class Schedules {
  readonly groups = new Set([DEFAULT_GROUP]);
  readonly failed: Failed[] = [];
  private readonly schedules = new Map<string, Kept>();

  constructor(
    private readonly clock: Clock,
    private readonly invoke: Invoke,
  ) {}

  create(input: Input): Shown {
    const key = this.keyOf(input);
    if (this.schedules.has(key)) throw conflict(`Schedule ${input.Name} already exists.`);
    return this.set(key, input, new Date(this.clock.now()));
  }

  /** Replaces all of a schedule: what is not named has its default. Source: EventBridge Scheduler API Reference, UpdateSchedule. */
  update(input: Input): Shown {
    const key = this.keyOf(input);
    return this.set(key, input, this.require(key).shown.CreationDate ?? new Date(this.clock.now()));
  }

  get = (input: { Name?: string; GroupName?: string }): Shown => this.require(this.keyOf(input)).shown;

  all = (): Shown[] => [...this.schedules.values()].map(({ shown }) => shown);

  delete(input: { Name?: string; GroupName?: string }): void {
    const key = this.keyOf(input);
    this.require(key).end.abort();
    this.schedules.delete(key);
  }

  close(): void {
    for (const { end } of this.schedules.values()) end.abort();
  }

  private keyOf({ Name = '', GroupName = DEFAULT_GROUP }: { Name?: string; GroupName?: string }): string {
    if (!this.groups.has(GroupName)) throw missing(`Schedule group ${GroupName}`);
    return `${GroupName}/${Name}`;
  }

  private require(key: string): Kept {
    const found = this.schedules.get(key);
    if (!found) throw missing(`Schedule ${key.split('/')[1]}`);
    return found;
  }

  private set(key: string, input: Input, CreationDate: Date): Shown {
    const { ClientToken: _, ...given } = input;
    const schedule = scheduleOf(input);
    this.checkStart(input);
    const shown: Shown = {
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'NONE',
      ...given,
      Name: input.Name ?? '',
      GroupName: input.GroupName ?? DEFAULT_GROUP,
      Arn: arn('scheduler', `schedule/${key}`),
      CreationDate,
      LastModificationDate: new Date(this.clock.now()),
    };
    this.schedules.get(key)?.end.abort();
    const end = new AbortController();
    this.schedules.set(key, { shown, end });
    if (shown.State === 'ENABLED') void this.run(key, schedule, end.signal);
    return shown;
  }

  /** In the words of AWS; source: https://github.com/getmoto/moto/pull/8172, since the API Reference names no limit. */
  private checkStart({ StartDate, ScheduleExpression = '' }: Input): void {
    const once = ScheduleExpression.startsWith('at(');
    if (!once && StartDate && StartDate.getTime() < this.clock.now() - START_LATENESS_MS)
      throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  }

  private async run(key: string, schedule: Schedule, signal: AbortSignal): Promise<void> {
    await follow(this.clock, schedule, signal, () => {
      const due = this.schedules.get(key)?.shown;
      if (due)
        this.invoke(due).catch((error) =>
          remember(this.failed, { schedule: due.Arn ?? '', reason: String(error?.message ?? error) }),
        );
    });
    const over = this.schedules.get(key);
    if (!signal.aborted && over?.shown.ActionAfterCompletion === 'DELETE') this.schedules.delete(key);
  }
}

/** When it is due between its start and its end, which a flexible time window begins then. */
function scheduleOf({
  ScheduleExpression = '',
  ScheduleExpressionTimezone = 'UTC',
  ...more
}: Input): Schedule {
  if (!['UTC', 'Etc/UTC'].includes(ScheduleExpressionTimezone))
    throw invalid(`the time zone ${ScheduleExpressionTimezone} is not played locally; use UTC`);
  const { StartDate, EndDate } = more;
  const schedule = parsed(ScheduleExpression);
  return (after) => {
    const due = schedule(Math.max(after, (StartDate?.getTime() ?? 0) - 1));
    return due !== undefined && due <= (EndDate?.getTime() ?? Number.POSITIVE_INFINITY) ? due : undefined;
  };
}

function parsed(expression: string): Schedule {
  try {
    return parseSchedule(expression, { at: true });
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

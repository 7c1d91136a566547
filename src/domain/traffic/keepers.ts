/** A task that ECS does not scale in. */
export interface Protected {
  /** Its ARN. */
  task: string;
  /** In ISO 8601; empty where ECS does not say. */
  until: string;
}

/** What is known of a slot whose tasks run although it was told to stop. */
export interface Keepers {
  service: string;
  desired: number;
  running: number;
  protectedTasks: readonly Protected[];
  /** Of its scalable target; undefined where it has none. */
  minimum: number | undefined;
}

/** `task 3f… is protected from being scaled in until …`. */
export const protectedText = (tasks: readonly Protected[]): string =>
  tasks
    .map(
      ({ task, until }) =>
        `task ${task.split('/').at(-1)} is protected from being scaled in${until && ` until ${until}`}`,
    )
    .join(', ');

/** What was seen, and which tasks ECS may not replace. */
export const withProtected = (seen: string, tasks: readonly Protected[]): string =>
  tasks.length === 0 ? seen : `${seen}; ${protectedText(tasks)}`;

/** Which tasks still run, and what keeps them. */
export function keptBy({ service, desired, running, protectedTasks, minimum = 0 }: Keepers): string {
  const still = `${running} tasks of ${service} still run`;
  if (protectedTasks.length > 0) return `${still}: ${protectedText(protectedTasks)}`;
  if (minimum > 0) return `${still}: its scalable target has a minimum capacity of ${minimum}`;
  return desired > 0 ? `${still}: somebody else sets its desired count to ${desired}` : still;
}

import type { Tag, TaskOverride, TaskStopCode } from '@aws-sdk/client-ecs';
import { pull, StartFailure, startContainer } from './container';
import { taskStateChange } from './events';
import { containerArn, taskArn, taskId } from './names';
import type { EcsParts } from './parts';
import type { Task, TaskStatus } from './task';
import type { Definition } from './task-definitions';

export interface NewTask {
  cluster: string;
  definition: Definition;
  group: string;
  startedBy?: string;
  overrides?: TaskOverride;
  launchType?: Task['launchType'];
  tags?: Tag[];
}

/** AWS shows stopped tasks for an hour at least; here it is as many as fit. */
const STOPPED_KEPT = 1_000;
const DEFAULT_STOP_TIMEOUT_S = 30;

const ESSENTIAL_EXITED = 'Essential container in task exited';

/** Asked anew after every wait: somebody may have stopped the task meanwhile. */
const isEnding = (task: Task) => task.desiredStatus === 'STOPPED';

export function createTasks(parts: EcsParts) {
  const { clock, emit, processes } = parts;
  const tasks = new Map<string, Task>();
  const listeners = new Set<(task: Task) => void>();
  const now = () => new Date(clock.now());
  let closed = false;

  function enter(task: Task, status: TaskStatus) {
    task.lastStatus = status;
    task.version += 1;
    emit(taskStateChange(task, now()));
    for (const listener of listeners) listener(task);
  }

  function forgetOldest() {
    const stopped = [...tasks.values()].filter(({ lastStatus }) => lastStatus === 'STOPPED');
    for (const task of stopped.slice(0, stopped.length - STOPPED_KEPT)) tasks.delete(task.id);
  }

  function create(input: NewTask): { task: Task; settle: () => void } {
    const id = taskId();
    let settle = () => {};
    const ended = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const task: Task = {
      ...{ id, cluster: input.cluster, definition: input.definition, group: input.group, ended },
      arn: taskArn(input.cluster, id),
      startedBy: input.startedBy,
      overrides: input.overrides ?? {},
      launchType: input.launchType ?? 'FARGATE',
      tags: input.tags ?? [],
      createdAt: now(),
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      version: 0,
      containers: input.definition.containerDefinitions.map((definition) => ({
        name: definition.name!,
        arn: containerArn(input.cluster, id, taskId()),
        definition,
        lastStatus: 'PENDING',
        health: 'UNKNOWN',
        lastLines: [],
      })),
    };
    return { task, settle };
  }

  /** Stops every container: first politely, after its stopTimeout (seconds of real time) for good. */
  const stopContainers = (task: Task) =>
    Promise.all(
      task.containers.map(async (container) => {
        if (container.process?.pid === undefined) {
          container.lastStatus = 'STOPPED';
          return;
        }
        const seconds = container.definition.stopTimeout ?? DEFAULT_STOP_TIMEOUT_S;
        await processes.stop(container.process, seconds * 1000);
        await container.ended;
      }),
    );

  const settlers = new Map<Task, () => void>();

  /** Begins the end of a task; the first reason stands. Resolves when it is STOPPED. */
  async function stop(task: Task, stopCode: TaskStopCode, reason: string): Promise<void> {
    if (task.desiredStatus === 'STOPPED') return task.ended;
    task.desiredStatus = 'STOPPED';
    task.stopCode = stopCode;
    task.stoppedReason = reason;
    task.stoppingAt = now();
    if (task.drain) {
      enter(task, 'DEACTIVATING');
      // whatever becomes of the target, the task has to end
      const drained = task.drain().catch(() => {});
      // a task that has crashed serves nobody: only a living one is kept until the deregistration delay is over
      if (stopCode !== 'EssentialContainerExited') await drained;
    }
    enter(task, 'STOPPING');
    await stopContainers(task);
    enter(task, 'DEPROVISIONING');
    task.stoppedAt = now();
    enter(task, 'STOPPED');
    settlers.get(task)?.();
    settlers.delete(task);
    forgetOldest();
  }

  async function launch(task: Task) {
    // stopped before anything was started
    if (isEnding(task)) return;
    try {
      enter(task, 'PENDING');
      for (const container of task.containers) container.image = pull(container, parts);
      for (const container of task.containers) {
        await startContainer(task, container, parts, {
          exited() {
            // when the cloud closes, all processes end; that is nobody's crash
            if (container.definition.essential && !closed)
              stop(task, 'EssentialContainerExited', ESSENTIAL_EXITED);
          },
          healthChanged: () => enter(task, task.lastStatus),
        });
      }
      if (isEnding(task)) return;
      task.startedAt = now();
      enter(task, 'RUNNING');
    } catch (error) {
      if (error instanceof StartFailure) {
        const [kind] = error.message.split(':');
        const culprit = task.containers.find(({ runtimeId }) => runtimeId === undefined);
        if (culprit && kind !== 'ResourceInitializationError') culprit.reason = error.message;
      }
      await stop(task, 'TaskFailedToStart', (error as Error).message);
    }
  }

  return {
    /** Begins a task and returns it as it is then: PROVISIONING. */
    start(input: NewTask): Task {
      const { task, settle } = create(input);
      tasks.set(task.id, task);
      settlers.set(task, settle);
      emit(taskStateChange(task, now()));
      // the answer to the caller shows PROVISIONING, as on AWS
      setImmediate(() => launch(task));
      return task;
    },
    stop,
    all: (): readonly Task[] => [...tasks.values()],
    find: (id: string) => tasks.get(id),
    close() {
      closed = true;
    },
    /** Calls back at every change of any task's status; returns how to end that. */
    onChange(listener: (task: Task) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type Tasks = ReturnType<typeof createTasks>;

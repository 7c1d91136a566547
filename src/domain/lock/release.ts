import { type ExecutionState, RECOVERIES, type Reconciliation } from '../recovery/reconcile';
import { rollbackCommand } from '../rollback/command';
import { RETIREMENT } from '../traffic/retirement';

/** What was found of a lock, and of all that could work under it. */
export interface LockFacts {
  service: string;
  cluster: string;
  held?: { holder: string; execution: string; expires: string; stuck: boolean };
  /** The executions that there can be of the holder, by ARN. */
  executions: { execution: string; state: ExecutionState }[];
  /** Tasks of the holder that run: migrations, trials, tests. By ARN. */
  tasks: string[];
  /** What the reconciler does about it at its next look. */
  reconciliation: Reconciliation;
  /** Name of the workflow's stack. */
  stack: string;
}

export type ReleaseAnswer = { yes: true; because: string } | { yes: false; because: string };

/**
 * May a person free the lock? Only of a deployment that was left to people and of which nothing is at work any more: what
 * still worked would meet the next deployment.
 */
export function mayRelease(facts: LockFacts): ReleaseAnswer {
  const { service, cluster, held, executions, tasks, reconciliation, stack } = facts;
  const no = (because: string) => ({ yes: false as const, because });
  if (!held) return no(`the lock of ${service} is free`);
  const { holder, stuck } = held;
  if (holder === RETIREMENT) return no('tasks are being scaled, which takes seconds; ask again');
  const running = executions.find(({ state }) => state === 'running');
  if (running)
    return no(`${running.execution} runs; wait for its end, or: ${rollbackCommand(holder, stack)}`);
  if (tasks.length > 0)
    return no(
      `${tasks.join(', ')} of deployment ${holder} still runs; wait for it, or end it: aws ecs stop-task --cluster ${cluster} --task ${tasks[0]}`,
    );
  if (!stuck)
    return no(
      reconciliation.do === 'nothing'
        ? `deployment ${holder} was not left to people: ${reconciliation.because}`
        : `deployment ${holder} is over without an end, and is resumed within five minutes; only what ${RECOVERIES} recoveries could not end is left to people`,
    );
  return {
    yes: true,
    because: `deployment ${holder} was left to people, and none of its executions and tasks runs`,
  };
}

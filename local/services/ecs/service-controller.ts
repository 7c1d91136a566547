import { type Capacity, shortage } from './capacity';
import { createDeployments } from './deployments';
import { createMembers } from './members';
import type { EcsParts } from './parts';
import { isProtected } from './protection';
import { nextMoves } from './rollout';
import { type Deployment, isLive, type Member, type ServiceRecord } from './service-record';
import { propagated } from './tag-rules';
import { drainOf, register } from './targets';
import type { Tasks } from './tasks';

/** The health of targets is looked at this often, in real time: the processes behind it are real. */
const POLL_MS = 50;

export interface ControllerParts extends EcsParts {
  tasks: Tasks;
  capacity: Capacity;
}

/** Keeps one service as it is desired to be: the rolling deployment controller of ECS. */
export function controlService(record: ServiceRecord, parts: ControllerParts) {
  const { clock, tasks, targets, capacity } = parts;
  const deployments = createDeployments(record, parts);
  const members = createMembers(record, { ...parts, deployments });
  let stopped = false;

  /** Starts one task unless it has to wait; tells whether it did. */
  function start(deployment: Deployment, isReplacement = false): boolean {
    if (clock.now() < deployment.nextStart) return false;
    const reason = shortage(capacity, tasks, deployment.definition);
    if (reason !== undefined) {
      deployments.fail(deployment, `was unable to place a task. Reason: ${reason}.`);
      return false;
    }
    const task = tasks.start({
      ...{ cluster: record.cluster, definition: deployment.definition, launchType: record.launchType },
      ...{ group: `service:${record.name}`, startedBy: deployment.id },
      tags: propagated(record.propagateTags, { definition: deployment.definition, service: record }),
    });
    if (record.loadBalancers.length > 0) task.drain = drainOf(record, task, targets);
    record.members.push({
      task,
      deployment,
      wasHealthy: false,
      counted: false,
      isReplacement,
      isSpare: false,
    });
    deployments.note(`has started 1 tasks: (task ${task.id}).`);
    return true;
  }

  function stopSome(candidates: Member[], howMany: number) {
    // one that is protected is not scaled in, neither for a count nor for a deployment; those that do not serve go first
    const sorted = candidates
      .filter(({ task }) => !isProtected(task, clock.now()))
      .sort((a, b) => Number(members.isHealthy(a)) - Number(members.isHealthy(b)));
    for (const member of sorted.slice(0, howMany)) {
      const { task } = member;
      member.isSpare = true;
      deployments.note(`has stopped 1 running tasks: (task ${task.id}).`);
      const reason = `Scaling activity initiated by (deployment ${record.deployments[0]!.id})`;
      tasks.stop(task, 'ServiceSchedulerInitiated', reason).catch(() => {});
    }
  }

  /**
   * During a deployment, a task of an earlier one that ends by itself is replaced by one of its own revision: the new
   * revision has yet to prove itself (ECS guide, "Amazon ECS service deployments: task replacement").
   */
  function replaceLost(primary: Deployment) {
    for (const { task, deployment, wasHealthy, isSpare } of record.members) {
      const isGone = task.lastStatus === 'STOPPED' && wasHealthy && !isSpare;
      if (isGone && deployment !== primary) deployment.lost++;
    }
    record.members = record.members.filter(({ task }) => task.lastStatus !== 'STOPPED');
    const live = record.members.filter(isLive);
    const serving = live.filter((member) => member.deployment !== primary || members.isHealthy(member));
    const most = Math.floor((record.desiredCount * record.rules.maximumPercent) / 100);
    let wanted = Math.min(record.desiredCount - serving.length, most - live.length);
    for (const deployment of record.deployments.slice(1)) {
      while (wanted > 0 && deployment.lost > 0 && start(deployment, true)) {
        wanted--;
        deployment.lost--;
      }
      if (serving.length >= record.desiredCount) deployment.lost = 0;
    }
  }

  /** Looks at everything and makes the next moves; harmless when there is nothing to do. */
  function reconcile() {
    if (stopped || record.deployments.length === 0) return;
    for (const member of record.members) {
      if (isLive(member) && member.task.lastStatus === 'RUNNING') register(record, member.task, targets);
    }
    for (const member of [...record.members]) members.watch(member);
    const primary = record.deployments[0]!;
    replaceLost(primary);

    const live = record.members.filter(isLive);
    const current = live.filter(({ deployment }) => deployment === primary);
    const previous = live.filter(({ deployment }) => deployment !== primary);
    const healthy = current.filter(members.isHealthy).length;
    // one that is on its way goes first when it is not needed any more, but not because it is not healthy yet
    const isKept = (member: Member) =>
      members.isHealthy(member) || (member.isReplacement && !member.wasHealthy);
    const moves = nextMoves({
      desired: record.desiredCount,
      current: { live: current.length, healthy },
      previous: { live: previous.length, healthy: previous.filter(isKept).length },
      ...record.rules,
    });
    if (primary.rolloutState !== 'FAILED') for (let index = 0; index < moves.start; index++) start(primary);
    stopSome(previous, moves.stopPrevious);
    stopSome(current, moves.stopCurrent);

    record.deployments = record.deployments.filter(
      (deployment) =>
        deployment === primary || record.members.some((member) => member.deployment === deployment),
    );
    const steady =
      healthy === record.desiredCount && current.length === healthy && record.deployments.length === 1;
    if (steady && primary.rolloutState === 'IN_PROGRESS') deployments.complete(primary);
  }

  const unsubscribe = tasks.onChange((task) => {
    if (record.members.some((member) => member.task === task)) setImmediate(reconcile);
  });

  async function watch() {
    while (!stopped) {
      reconcile();
      await clock.deadline(POLL_MS);
    }
  }

  return {
    record,
    deploy: deployments.deploy,
    reconcile,
    watch,
    /** No task is started or stopped by it any more. */
    end() {
      stopped = true;
      unsubscribe();
    },
  };
}

export type ServiceController = ReturnType<typeof controlService>;

import type { Target, Targets } from '../../service';
import type { ServiceRecord } from './service-record';
import type { Task } from './task';

/** The target groups of a service and the task's address in each. */
export function addressesOf(record: ServiceRecord, task: Task): { group: string; target: Target }[] {
  return record.loadBalancers.flatMap(({ targetGroupArn, containerName }) => {
    const address = task.containers.find(({ name }) => name === containerName)?.address;
    return address && targetGroupArn ? [{ group: targetGroupArn, target: address }] : [];
  });
}

const registered = new WeakSet<Task>();

/** Registers a running task with its target groups, once. */
export function register(record: ServiceRecord, task: Task, targets: Targets) {
  if (registered.has(task)) return;
  registered.add(task);
  for (const { group, target } of addressesOf(record, task)) targets.register(group, target);
}

/** The health of the task in each of its target groups; empty without load balancer. */
export const healthOf = (record: ServiceRecord, task: Task, targets: Targets): string[] =>
  addressesOf(record, task).map(({ group, target }) => targets.health(group, target));

/** How to take a task out of its target groups; resolves when their deregistration delays are over. */
export const drainOf = (record: ServiceRecord, task: Task, targets: Targets) => async () => {
  if (!registered.has(task)) return;
  await Promise.all(addressesOf(record, task).map(({ group, target }) => targets.deregister(group, target)));
};

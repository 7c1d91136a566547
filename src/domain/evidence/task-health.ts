/** A task of a service without load balancer, as ECS shows it. */
export interface SeenTask {
  /** Its id. */
  task: string;
  /** `RUNNING`, or any state on the way there. */
  status: string;
  /** By the health checks of its containers. */
  health: string;
  /** One of its essential containers has a check. */
  checked: boolean;
}

/**
 * Which of a service's tasks are healthy, in the shape of a target group's targets. A task whose containers have no check is
 * by running, and one whose checks have come to no answer yet is not.
 * Source: Amazon ECS Developer Guide, "Determine Amazon ECS task health using container health checks".
 */
export function healthOfTasks(tasks: readonly SeenTask[]) {
  const isHealthy = ({ status, health, checked }: SeenTask) =>
    status === 'RUNNING' && (checked ? health === 'HEALTHY' : true);
  return {
    healthy: tasks.filter(isHealthy).length,
    others: tasks
      .filter((task) => !isHealthy(task))
      .map(({ task, status, health, checked }) => ({
        target: `task ${task}`,
        state: status === 'RUNNING' ? health.toLowerCase() : status.toLowerCase(),
        reason: status === 'RUNNING' && checked ? 'by its container health check' : '',
      })),
  };
}

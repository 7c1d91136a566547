/**
 * Members of an Amazon ECS service that its construct does not set, in the words of the API. What is left out has ECS's own
 * default, and what is left out later stays as it was.
 * Source: Amazon ECS API Reference, CreateService and UpdateService.
 */
export interface ServiceOptions {
  /** Who bears the tasks, in place of Fargate: with it goes no launch type. */
  capacityProviderStrategy?: { capacityProvider: string; weight?: number; base?: number }[];
  /** Which of Fargate's platforms; the latest by default. */
  platformVersion?: string;
  /** May people open a shell in a container (ECS Exec)? No by default. */
  enableExecuteCommand?: boolean;
  /** Does ECS tag the tasks with cluster and service? No by default. */
  enableECSManagedTags?: boolean;
  /** Whose tags a task gets; the task definition's by default. */
  propagateTags?: 'TASK_DEFINITION' | 'SERVICE' | 'NONE';
  /** Of the service itself. */
  tags?: { key: string; value: string }[];
  /** Are tasks moved to other availability zones when those of one are gone? Yes by default. */
  availabilityZoneRebalancing?: 'ENABLED' | 'DISABLED';
  /** How ECS replaces tasks. Percentages are of the desired count. */
  deploymentConfiguration?: {
    minimumHealthyPercent?: number;
    maximumPercent?: number;
    deploymentCircuitBreaker?: { enable: boolean; rollback: boolean };
  };
  /** Where tasks of services on EC2 may go. */
  placementConstraints?: { type: 'distinctInstance' | 'memberOf'; expression?: string }[];
  /** In which order instances are filled. */
  placementStrategy?: { type: 'random' | 'spread' | 'binpack'; field?: string }[];
  /** AWS Cloud Map: the registry in which tasks are found by name. */
  serviceRegistries?: {
    registryArn: string;
    port?: number;
    containerName?: string;
    containerPort?: number;
  }[];
}

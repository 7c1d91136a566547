/**
 * A port is one thing a step may do to the world: the object that does it, and the IAM statements that allow
 * exactly that. A step's `uses` lists its ports, so the type of what its code can reach and the policy of its
 * role are the same declaration.
 */

/** The resources of the services a workflow deploys, as ARNs or ARN patterns. */
export interface Scope {
  table: string[];
  topic: string[];
  bus: string[];
  settings: string[];
  /** What the command line needs to know of the workflow. */
  whereabouts: string[];
  /** The path that the settings of all services are under. */
  settingsPath: string[];
  stateMachine: string[];
  /** All executions of the state machine. */
  executions: string[];
  repositories: string[];
  clusters: string[];
  services: string[];
  /** The services without a load balancer among them. */
  pureWorkers: string[];
  /** Amazon ECS services that work beside the slots. */
  workerServices: string[];
  /** EventBridge rules and EventBridge Scheduler schedules that start tasks beside the slots, and the roles that they do it by. */
  workerRules: string[];
  ruleRoles: string[];
  workerSchedules: string[];
  scheduleRoles: string[];
  tasks: string[];
  /** Those of ECS services; a scalable target's name says nothing of its service. */
  scalableTargets: string[];
  taskDefinitions: string[];
  /** What trials of the services' versions run. */
  trialDefinitions: string[];
  taskRoles: string[];
  /** The log streams of the services' tasks, and of their integration tests. */
  taskLogs: string[];
  rules: string[];
  /** RDS instances that services name as their database, and those restored in their place. */
  databases: string[];
  /** Of the databases those that a rollback has restored. */
  restored: string[];
  /** The same of Aurora clusters, and the instances of the restored ones. */
  databaseClusters: string[];
  restoredClusters: string[];
  restoredMembers: string[];
  /** The instances of any Aurora cluster. */
  clusterMembers: string[];
  /** Roles that the databases have for their features and their monitoring, as far as the construct was told of them. */
  databaseRoles: string[];
  /** Subnet, parameter and option groups that a restored instance is put into. */
  databaseGroups: string[];
  /** Those of a restored cluster, and of its instances. */
  clusterGroups: string[];
  memberGroups: string[];
  snapshots: string[];
  clusterSnapshots: string[];
  secrets: string[];
  /** Those by which steps look that change nothing. */
  readSecrets: string[];
  /** All that say where a database is: a restore leads them to another one. */
  ledSecrets: string[];
  manifests: string[];
  manifestBuckets: string[];
  /** Objects that say which migrations a release of the services brings, and no other ones of the bucket. */
  releaseManifests: string[];
  /** Functions that test a new version, as the settings name them. */
  testFunctions: string[];
  /** CloudWatch alarms that the settings name. */
  alarms: string[];
  /** Pages that deployments of the workflow leave. */
  reports: string[];
  /** Objects that say which images have succeeded in the services' environments. */
  attestations: string[];
}

export interface Grant {
  /** IAM statement id: letters and digits. */
  sid: string;
  actions: string[];
  /** Which part of the scope; `'*'` only for actions that IAM cannot restrict to a resource. */
  on: (keyof Scope)[] | '*';
  /** IAM condition with values from the scope. */
  when?:
    | { operator: string; key: string; values: keyof Scope }
    | { operator: string; key: string; text: string };
  /** Of use only where the workflow's services have something of this part. */
  where?: keyof Scope;
}

/** What somebody may do who does no more than one thing. */
export interface Grants {
  grants: readonly Grant[];
}

/**
 * Declared as an object literal, never as the result of a call: only so can the bundler leave a port out of the functions
 * that do not use it, and with it a whole client.
 */
export interface Port<T> extends Grants {
  /** Needs a path to the database, so its function runs in the VPC. */
  inVpc?: boolean;
  /** Called once per cold start; `environment` holds what the workflow construct sets. */
  open(environment: Environment): T;
}

export interface Environment {
  table: string;
  topic: string;
  settingsPrefix: string;
  /** Address of the page that takes answers to questions. */
  answers: string;
  /** Of the graph: the folder of the step. */
  phase: string;
  /** Where deployments leave their reports, `s3://bucket/prefix`; empty of a workflow of before there were any. */
  reports: string;
  /** ARN of the deployment state machine. */
  stateMachine: string;
  /** Patterns of one's own, of what no text that leaves may hold. */
  redact: readonly string[];
}

export type Ports = Record<string, Port<unknown>>;
/** What `run` receives for the ports a step uses. */
export type Opened<P extends Ports> = { [Name in keyof P]: P[Name] extends Port<infer T> ? T : never };

/** Restricts an ECS action to the clusters of the deployed services. */
export const inCluster = { operator: 'ArnEquals', key: 'ecs:cluster', values: 'clusters' } as const;

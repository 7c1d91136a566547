import type { DatabaseType } from '../database/supported';
import type { Control } from '../deployment/controller';
import type { RdsDatabase } from '../settings/database';

/** What an account says of a service that serves, as far as an app is written of it. */
export interface Found {
  account: string;
  region: string;
  cluster: string;
  service: string;
  control: Control;
  desired: number;
  subnets: string[];
  securityGroups: string[];
  publicIp: boolean;
  graceSeconds?: number;
  task: FoundTask;
  /** Where it takes requests: by which container, at which port, in which target group. */
  targets: { container: string; port: number; group: string }[];
  /** The target group of the first of them. */
  group?: FoundGroup;
  balancer?: FoundBalancer;
  /** What the tasks' environment or secrets lead to; absent where nothing does. */
  database?: FoundDatabase;
  /** Has it a minimum and a maximum of tasks? */
  scales: boolean;
}

export interface FoundTask {
  family: string;
  cpu: string;
  memory: string;
  taskRole?: string;
  executionRole?: string;
  /** `X86_64` or `ARM64`. */
  architecture?: string;
  containers: FoundContainer[];
  /** Members that are not written, by name. */
  others: string[];
}

export interface FoundContainer {
  name: string;
  image: string;
  essential: boolean;
  ports: number[];
  environment: Record<string, string>;
  /** What Amazon ECS takes each from: an ARN of a secret or a parameter, or a parameter's name. */
  secrets: Record<string, string>;
  command?: string[];
  entryPoint?: string[];
  /** Of the driver `awslogs`. */
  logs?: { group: string; prefix: string };
  health?: { command: string[]; interval?: number; timeout?: number; retries?: number; startPeriod?: number };
  others: string[];
}

export interface FoundGroup {
  arn: string;
  vpc: string;
  /** `HTTP` or `HTTPS`. */
  protocol: string;
  protocolVersion?: string;
  /** Of its health checks; intervals in seconds. */
  path?: string;
  codes?: string;
  interval?: number;
  timeout?: number;
  healthy?: number;
  unhealthy?: number;
  deregistrationSeconds?: number;
}

export interface FoundBalancer {
  arn: string;
  /** `application` or `network`. */
  type: string;
  securityGroups: string[];
  /** Where it has its subnets: the zone of each. */
  zones: Record<string, string>;
  listeners: FoundListener[];
}

export interface FoundListener {
  arn: string;
  port: number;
  protocol: string;
  certificates: string[];
  rules: FoundRule[];
}

export interface FoundRule {
  arn: string;
  isDefault: boolean;
  hosts: string[];
  /** Target groups that it forwards to. */
  groups: string[];
}

export interface FoundDatabase {
  database: RdsDatabase;
  type: DatabaseType;
  host: string;
  port: number;
  securityGroups: string[];
  /** Zones of its subnets. */
  zones: Record<string, string>;
  /** The secret that leads there, with all that Amazon RDS writes into one; absent where there is none. */
  secret?: string;
}

import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type {
  ApplicationProtocol,
  ApplicationProtocolVersion,
  HealthCheck,
  IApplicationTargetGroup,
  ITargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { TrafficProps } from '../held/traffic-rule';
import type { ServiceProps, StreamsProps } from './service-props';

/** What the load balancer sends requests to. */
export interface TargetProps {
  /** The container that takes them. @default the default container of the task definition */
  containerName?: string;
  /** The port by which it does. @default the first port of the container */
  containerPort?: number;
}

/** A service that serves today. */
export interface AdoptedService {
  /**
   * Name of the Amazon ECS service of this cluster, which serves in that target group alone and by the container and the port of
   * `taskDefinition`. It becomes slot a as it is, with its tasks; nobody else may declare it any more, and it is never deleted here.
   */
  serviceName: string;
  /** Its target group, of type `ip`; slot b gets one with `healthCheck` and the like of the props. */
  targetGroup: IApplicationTargetGroup;
}

/** What users get while the service is closed, and how it is closed. */
export interface MaintenanceProps {
  /** After how long clients are asked to come back. @default two minutes */
  retryAfter?: Duration;
  /** HTML, at most 3 KB. @default a plain sentence */
  page?: string;
  /**
   * How many users are answered at the same time, each within milliseconds: no crowd in front of a closed service can take more of
   * the account's concurrency. AWS Lambda wants 100 of the account's to stay unreserved; 0 reserves none. @default 50
   */
  concurrency?: number;
  /** Answers in place of the function that answers with `page`. @default a function with `retryAfter`, `page` and `concurrency` */
  targetGroup?: ITargetGroup;
  /**
   * How much of the database, in bytes, is compared row by row after a restore, smallest tables first; of up to ten times as much the
   * rows are counted. @default 1,000,000,000
   */
  compareBytes?: number;
  /** How long, in seconds, to wait until nobody can write any more; after that the service is opened again. @default 600 */
  closeSeconds?: number;
  /** How long, in seconds, a restore may take. @default 3600 */
  restoreSeconds?: number;
}

/** What a `BlueGreenService` is made of. */
export interface BlueGreenServiceProps extends ServiceProps {
  /** Which requests are its users', and by which green is asked before them. */
  traffic: TrafficProps;
  /** What of its tasks takes the requests. @default the default container, by its first port */
  target?: TargetProps;
  /** By which its target groups tell that a target is healthy. @default the CDK's own: `/` answers 200 within 5 seconds */
  healthCheck?: HealthCheck;
  /** How long a target that is taken out may end what it has begun. @default 300 seconds, as Elastic Load Balancing has it */
  deregistrationDelay?: Duration;
  /** By which the load balancer speaks to it. @default ApplicationProtocol.HTTP */
  targetProtocol?: ApplicationProtocol;
  /** Which version of that. @default ApplicationProtocolVersion.HTTP1 */
  protocolVersion?: ApplicationProtocolVersion;
  /** How long after its start a task may fail its health checks. @default 60 seconds */
  healthCheckGracePeriod?: Duration;
  /** A service that serves today becomes slot a. @default slot a is made as slot b is */
  adopt?: AdoptedService;
  /**
   * What becomes of the slots when the stack goes, or names them no longer. RETAIN: those that users are on stay with all that their
   * tasks need of this app (task definition with its roles, target groups, security groups), the other one is deleted. DESTROY:
   * both are deleted.
   * @default RemovalPolicy.RETAIN where a service is adopted, else RemovalPolicy.DESTROY
   */
  removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /** What its users get in a maintenance window. @default it never closes, and releases that need it are refused */
  maintenance?: MaintenanceProps;
  /** That it has WebSockets or other long streams. @default what receives no request is stopped at once */
  streams?: StreamsProps;
}

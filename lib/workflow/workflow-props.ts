import type { Duration } from 'aws-cdk-lib';
import type { DashboardProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import type { Configuration } from '../../src/domain/settings/environments';
import type { DeployedService } from '../service/deployed-service';
import type { AlarmOptions } from './alarms';
import type { ApiOptions } from './http-api';

/** What a `DeploymentWorkflow` is made of. */
export interface DeploymentWorkflowProps {
  /** Those that it deploys, each by its own name: `BlueGreenService` and `PureWorker`. */
  services: DeployedService[];
  /**
   * By which the command line finds it (`--workflow`), and what its events say in `detail.workflow`: letters, digits, `.`, `-` and `_`.
   * @default the stack's name, which one workflow of a stack can have
   */
  name?: string;
  /** How each environment deploys, as `readConfiguration` reads it. @default the built-in policies hold */
  configuration?: Configuration;
  /** Where the functions that read the databases run. @default the VPC of the first service's cluster */
  vpc?: IVpc;
  /** Theirs; the databases have to let them in. @default one of its own, which the services' databases are told of */
  securityGroups?: ISecurityGroup[];
  /**
   * Encrypts the table, the topic, the logs, the bucket of reports and the queue of what could not be delivered. Of a key that is
   * made in this app the policy is added to; an imported one has to let Amazon CloudWatch Logs and Amazon EventBridge use it (docs/security.md).
   * @default keys that AWS owns
   */
  key?: IKey;
  /**
   * What no log, journal, event, message or report of the workflow may show, beside what it leaves out by itself: at most 20 patterns of 100
   * characters, matched anywhere in a text; what they find becomes `***`. A pattern is made of characters, classes such as `[A-Z0-9]` and
   * `\d`, and bounded repetitions such as `{4}` and `{2,30}` (docs/security.md). @default none of your own
   */
  redact?: string[];
  /**
   * Who hears what the topic is told: mail addresses, functions, queues of `aws-cdk-lib/aws-sns-subscriptions`. @default nobody, which
   * `greenlight doctor` says
   */
  subscriptions?: ITopicSubscription[];
  /** What is different of its alarms, each by its name; `false` makes none. @default all of them, which tell the topic */
  alarms?: AlarmOptions | false;
  /** Its name, and widgets below its own; `false` makes none. @default a dashboard of a week, with a name that CloudFormation gives */
  dashboard?: DashboardProps | false;
  /** How long the logs of the functions and of the state machines are kept. @default three months, and a year */
  logRetention?: RetentionDays;
  /**
   * Where each deployment leaves its report, under `reports/` and the workflow's name. Nobody outside has to be able to read it
   * (docs/operating.md). @default a bucket of its own, encrypted by `key`, that stays when the stack goes
   */
  reportBucket?: IBucket;
  /** How long the bucket of its own keeps a report; that of `reportBucket` is a rule of its own. @default a year */
  reportRetention?: Duration;
  /**
   * Whether a question has a page of its own, whose public address is in the message with a secret of 256 bits. Without it people
   * answer by the command line, and nothing of the workflow can be reached from the internet. @default true
   */
  answerPage?: boolean;
  /**
   * How many calls of that page are answered at the same time: nobody who calls it can take more of the account's concurrency. AWS
   * Lambda wants 100 of the account's to stay unreserved, so an account with a smaller quota cannot reserve any: 0 reserves none.
   * @default 5
   */
  answerPageConcurrency?: number;
  /**
   * An HTTP API by which callers that IAM allows start, list and report deployments, and approve, reject, pause, resume, promote and roll
   * back (docs/operating.md): `true`, or what is different of it. Nobody may call it before `grantApi`. @default none
   */
  api?: ApiOptions | true;
}

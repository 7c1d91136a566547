import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ownFunction } from './own-function';

/** What a `MaintenancePage` says. */
export interface MaintenancePageProps {
  /** When clients are asked to come back. */
  retryAfter: Duration;
  /** HTML, at most 3 KB. @default a plain sentence */
  page?: string;
  /**
   * How many users are answered at the same time, each within milliseconds: no crowd in front of a closed service can take more of
   * the account's concurrency. AWS Lambda wants 100 of the account's to stay unreserved; 0 reserves none. @default 50
   */
  concurrency?: number;
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Maintenance</title>
<h1>We will be back soon</h1>
<p>This service is being maintained. Please try again in a few minutes.</p>
</html>
`;

/**
 * What users get while the service is closed. A load balancer's fixed response cannot carry Retry-After, so a function
 * answers; it scales by itself and stands outside the cluster that is being worked on.
 */
export class MaintenancePage extends Construct {
  /** For `TrafficRules` and for the settings' `maintenance`. */
  readonly targetGroup: ApplicationTargetGroup;

  /** A function and its target group. */
  constructor(
    scope: Construct,
    id: string,
    { retryAfter, page = PAGE, concurrency = 50 }: MaintenancePageProps,
  ) {
    super(scope, id);
    const answering = ownFunction(
      this,
      { function: 'MaintenancePage', role: 'MaintenancePageRole' },
      {
        name: 'MaintenancePage',
        description: 'Answers 503 with Retry-After and a page while the service is closed',
        timeout: Duration.seconds(10),
        reservedConcurrentExecutions: concurrency || undefined,
        logGroup: new LogGroup(this, 'MaintenancePageLogs', {
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        environment: { RETRY_AFTER_SECONDS: String(retryAfter.toSeconds()), PAGE: page },
      },
    );
    this.targetGroup = new ApplicationTargetGroup(this, 'Targets', {
      targets: [new LambdaTarget(answering)],
    });
  }
}

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MaintenanceProps } from '../service/blue-green-props';
import { ownFunction } from '../workflow/own-function';

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
  /** Leads to the function. */
  readonly targetGroup: ApplicationTargetGroup;

  /** A function and its target group. */
  constructor(
    scope: Construct,
    id: string,
    {
      retryAfter = Duration.minutes(2),
      page = PAGE,
      concurrency = 50,
    }: Pick<MaintenanceProps, 'retryAfter' | 'page' | 'concurrency'>,
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

import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ownFunction } from '../workflow/own-function';
import { logsOf } from './ground';

/** Goes off when whoever watches the shop's pages publishes that one came without a price. */
export const alarmOf = (scope: Construct): Alarm =>
  new Alarm(scope, 'PagesWithoutPrice', {
    metric: new Metric({
      namespace: 'Shop',
      metricName: 'PagesWithoutPrice',
      statistic: 'Maximum',
      period: Duration.seconds(10),
    }),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    // where nobody watches, nothing is wrong
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** Tests each new version through the test listener, as `SmokeTestGreen` asks it to. */
export const checkOf = (scope: Construct): LambdaFunction =>
  ownFunction(
    scope,
    { function: 'ShopCheck', role: 'ShopCheckRole' },
    {
      name: 'ShopCheck',
      description: 'Tests a new version of the shop before any user is on it',
      timeout: Duration.seconds(20),
      logGroup: logsOf(scope, 'ShopCheckLogs'),
    },
  );

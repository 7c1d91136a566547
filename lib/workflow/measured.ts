import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { namespaceOf } from '../../src/domain/measures/measure';

/** A metric that the workflow's functions write to their log. @default the sum over 5 minutes */
export const measured = (workflow: string, metricName: string, options: MetricOptions = {}): Metric =>
  new Metric({ namespace: namespaceOf(workflow), metricName, statistic: 'Sum', ...options });

/** What Lambda itself writes to a function's log when the function cannot: that it took too long, or that its process is gone. */
const ENDED = ['Task timed out after', 'Runtime exited', 'Runtime.ExitError', 'Runtime.OutOfMemory'];

/** Counts functions that were ended, beside the errors that they write down themselves. */
export function countEndedFunctions(scope: Construct, workflow: string, logGroup: ILogGroup): void {
  new MetricFilter(scope, 'EndedFunctions', {
    logGroup,
    filterPattern: FilterPattern.anyTerm(...ENDED),
    metricNamespace: namespaceOf(workflow),
    metricName: 'FunctionErrors',
    metricValue: '1',
  });
}

import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IApplicationListener, ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { codeOf } from './functions';

/** Between what `TrafficRules` shift the weights. */
export interface TrafficRulesProps {
  /** Slot a's; all users are on it at the beginning. */
  first: ITargetGroup;
  /** Slot b's. */
  second: ITargetGroup;
  /** Where users go in a maintenance window. @default none: the service never closes */
  page?: ITargetGroup;
  /** The users'. */
  production: IApplicationListener;
  /** By which green is asked before a user is. */
  test: IApplicationListener;
}

/**
 * The two listener rules whose weights the workflow moves. CloudFormation puts declared weights back when an
 * update reaches a rule, in the middle of a shift if need be (https://github.com/aws/aws-cdk/issues/36649), so
 * the template does not declare them: a custom resource makes each rule once and leaves it alone after that.
 */
export class TrafficRules extends Construct {
  /** ARN of the rule of the users. */
  readonly production: string;
  /** ARN of the rule by which green is asked. */
  readonly test: string;

  /** Takes priority 1 and every path of both listeners. */
  constructor(scope: Construct, id: string, props: TrafficRulesProps) {
    super(scope, id);
    const holder = new LambdaFunction(this, 'HoldRule', {
      description: 'Creates a listener rule once and never changes its weights',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      code: codeOf('HoldRule'),
      handler: 'index.handler',
      timeout: Duration.seconds(60),
      logGroup: new LogGroup(this, 'HoldRuleLogs', {
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    const listeners = [props.production, props.test].map(({ listenerArn }) => listenerArn);
    holder.addToRolePolicy(
      new PolicyStatement({ actions: ['elasticloadbalancing:CreateRule'], resources: listeners }),
    );
    holder.addToRolePolicy(
      new PolicyStatement({ actions: ['elasticloadbalancing:DeleteRule'], resources: ['*'] }),
    );

    const rule = (name: string, { listenerArn }: IApplicationListener) =>
      new CustomResource(this, name, {
        serviceToken: holder.functionArn,
        resourceType: 'Custom::TrafficRule',
        properties: {
          ListenerArn: listenerArn,
          Priority: '1',
          Path: '/*',
          First: props.first.targetGroupArn,
          Second: props.second.targetGroupArn,
          Page: props.page?.targetGroupArn,
        },
      }).ref;
    this.production = rule('Production', props.production);
    this.test = rule('Test', props.test);
  }
}

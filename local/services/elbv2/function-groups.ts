import type {
  TargetDescription,
  TargetGroup as TargetGroupShown,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { FunctionGroup } from '../../proxy/function-group';
import { REASONS } from '../../proxy/target';
import type { Functions } from '../../service';
import { faults } from './faults';
import type { GroupRecord, TargetGroupProperties } from './group-record';
import { targetGroupNames } from './names';

const MULTI_VALUE = 'lambda.multi_value_headers.enabled';
/** Attributes that only their default is accepted for. */
const FIXED: Readonly<Record<string, string>> = { 'stickiness.enabled': 'false' };

const FUNCTION_ARN = /^arn:aws:lambda:[^:]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

function functionArnOf({ Id, Port }: TargetDescription): string {
  if (!FUNCTION_ARN.test(Id ?? ''))
    throw faults.target(
      `The target '${Id}' is not valid; a target group of type lambda takes a function's ARN`,
    );
  if (Port !== undefined)
    throw faults.target('Target port cannot be specified for targets of type lambda; leave Port out');
  return Id!;
}

/** A target group of type lambda: one function, without port, protocol, network or health checks. */
export class FunctionGroupRecord implements GroupRecord {
  readonly arn: string;
  readonly fullName: string;
  readonly group: FunctionGroup;
  readonly attributes: Record<string, string> = { ...FIXED, [MULTI_VALUE]: 'false' };
  loadBalancerArn: string | undefined;

  constructor(
    readonly name: string,
    properties: TargetGroupProperties,
    functions: Functions,
  ) {
    for (const key of ['Port', 'Protocol', 'VpcId'] as const)
      if (properties[key] !== undefined)
        throw faults.validation(`${key} cannot be specified for target groups with target type 'lambda'`);
    ({ arn: this.arn, fullName: this.fullName } = targetGroupNames(name));
    const options = { fullName: this.fullName, targetGroupArn: this.arn, multiValueHeaders: false };
    this.group = new FunctionGroup(options, functions);
    this.modify(properties);
    this.setAttributes(properties.TargetGroupAttributes ?? []);
  }

  modify({ HealthCheckEnabled }: TargetGroupProperties): void {
    // AWS checks no function unless it is told to: every check is a paid invocation
    if (String(HealthCheckEnabled ?? false) === 'true')
      throw faults.configuration(
        'Health checks of functions are not served locally; leave HealthCheckEnabled out',
      );
  }

  setAttributes(attributes: readonly { Key?: string; Value?: string }[]): void {
    for (const { Key, Value } of attributes) {
      const value = String(Value);
      if (Key !== MULTI_VALUE && FIXED[Key!] !== value)
        throw faults.configuration(
          `Target group attribute '${Key}' with value '${value}' cannot be set for target groups of type lambda locally`,
        );
      if (Key === MULTI_VALUE) this.group.options.multiValueHeaders = value === 'true';
      this.attributes[Key!] = value;
    }
  }

  register(targets: readonly TargetDescription[]): void {
    for (const arn of targets.map(functionArnOf)) {
      const { functionArn = arn } = this.group;
      if (arn !== functionArn) throw faults.tooManyTargets();
      this.group.functionArn = arn;
    }
  }

  async deregister(targets: readonly TargetDescription[]): Promise<void> {
    if (targets.some((target) => this.has(target))) this.group.functionArn = undefined;
  }

  has(target: TargetDescription): boolean {
    return this.group.functionArn === functionArnOf(target);
  }

  health(wanted?: readonly TargetDescription[]): TargetHealthDescription[] {
    const { functionArn } = this.group;
    const targets = wanted?.length ? wanted.map(functionArnOf) : functionArn ? [functionArn] : [];
    return targets.map((Id) => {
      const registered = Id === functionArn;
      const { code, description } = registered
        ? this.group.used
          ? REASONS.checksDisabled
          : REASONS.notInUse
        : REASONS.notRegistered;
      return {
        Target: { Id },
        TargetHealth: {
          State: registered && this.group.used ? 'unavailable' : 'unused',
          Reason: code as NonNullable<TargetHealthDescription['TargetHealth']>['Reason'],
          Description: description,
        },
      };
    });
  }

  hosts(): undefined {
    return undefined;
  }

  shown(): TargetGroupShown {
    return {
      TargetGroupArn: this.arn,
      TargetGroupName: this.name,
      TargetType: 'lambda',
      HealthCheckEnabled: false,
      HealthCheckIntervalSeconds: 35,
      HealthCheckTimeoutSeconds: 30,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 2,
      HealthCheckPath: '/',
      Matcher: { HttpCode: '200' },
      LoadBalancerArns: this.loadBalancerArn ? [this.loadBalancerArn] : [],
      IpAddressType: 'ipv4',
    };
  }
}

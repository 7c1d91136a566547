import type {
  TargetDescription,
  TargetGroup as TargetGroupShown,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../clock';
import { REASONS } from '../../proxy/target';
import { TargetGroup } from '../../proxy/target-group';
import type { Target } from '../../service';
import { faults } from './faults';
import type { GroupRecord, TargetGroupProperties } from './group-record';
import { targetGroupNames } from './names';

type Attributes = Record<string, string>;

/** Attributes that would change where traffic goes and have no local counterpart: only their default is accepted. */
const FIXED: Attributes = {
  'stickiness.enabled': 'false',
  'slow_start.duration_seconds': '0',
  'load_balancing.algorithm.type': 'round_robin',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
};
const DEFAULT_ATTRIBUTES: Attributes = {
  ...FIXED,
  'deregistration_delay.timeout_seconds': '300',
};

const LONGEST_DELAY_SECONDS = 3_600;

function checkedPath(path: string): string {
  if (/^\/[\x21-\x7e]{0,1023}$/.test(path)) return path;
  throw faults.validation(`Health check path '${path}' must begin with a '/' and hold no white space`);
}

function checkedMatcher(codes: string): string {
  if (/^[2-4]\d\d([,-][2-4]\d\d)*$/.test(codes)) return codes;
  throw faults.validation(
    `Health check matcher HTTP code '${codes}' must be within 200-499, as in '200', '200,302' or '200-299'`,
  );
}

function numberIn(name: string, value: number | string, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw faults.validation(`${name} '${value}' must be between ${least} and ${most}`);
}

/** A target group of addresses. */
export class AddressGroupRecord implements GroupRecord {
  readonly arn: string;
  readonly fullName: string;
  readonly group: TargetGroup;
  readonly attributes: Attributes = { ...DEFAULT_ATTRIBUTES };
  loadBalancerArn: string | undefined;
  private readonly port: number;
  private readonly targetType: string;
  private readonly vpcId: string | undefined;

  constructor(
    readonly name: string,
    properties: TargetGroupProperties,
    clock: Clock,
    firstAfterMs: number,
  ) {
    const { Protocol = 'HTTP', TargetType = 'instance' } = properties;
    if (Protocol !== 'HTTP')
      throw faults.configuration(`Target group protocol '${Protocol}' is not served locally; use HTTP`);
    if (TargetType !== 'ip' && TargetType !== 'instance')
      throw faults.configuration(`Target type '${TargetType}' is not served locally; use ip or lambda`);
    ({ arn: this.arn, fullName: this.fullName } = targetGroupNames(name));
    this.port = Number(properties.Port ?? 80);
    this.targetType = TargetType;
    this.vpcId = properties.VpcId;
    this.group = new TargetGroup(
      {
        fullName: this.fullName,
        deregistrationDelayMs: 300_000,
        check: {
          enabled: true,
          path: '/',
          port: 'traffic-port',
          intervalMs: 30_000,
          firstAfterMs,
          timeoutMs: 5_000,
          healthyThreshold: 5,
          unhealthyThreshold: 2,
          matcher: '200',
        },
      },
      clock,
    );
    this.modify(properties);
    this.setAttributes(properties.TargetGroupAttributes ?? []);
  }

  /** Running checks follow the change from their next turn. */
  modify(settings: TargetGroupProperties): void {
    const { check } = this.group.options;
    const { HealthCheckProtocol = 'HTTP', HealthCheckPort, HealthCheckPath, Matcher } = settings;
    if (HealthCheckProtocol !== 'HTTP')
      throw faults.configuration(
        `Health check protocol '${HealthCheckProtocol}' is not served locally; use HTTP`,
      );
    if (settings.HealthCheckEnabled !== undefined)
      check.enabled = String(settings.HealthCheckEnabled) === 'true';
    if (HealthCheckPath !== undefined) check.path = checkedPath(HealthCheckPath);
    if (HealthCheckPort !== undefined)
      check.port =
        HealthCheckPort === 'traffic-port'
          ? 'traffic-port'
          : numberIn('Health check port', HealthCheckPort, 1, 65_535);
    if (Matcher?.HttpCode !== undefined) check.matcher = checkedMatcher(String(Matcher.HttpCode));
    const seconds = settings.HealthCheckIntervalSeconds;
    if (seconds !== undefined) check.intervalMs = 1_000 * numberIn('Health check interval', seconds, 5, 300);
    const timeout = settings.HealthCheckTimeoutSeconds;
    if (timeout !== undefined) check.timeoutMs = 1_000 * numberIn('Health check timeout', timeout, 2, 120);
    const { HealthyThresholdCount: healthy, UnhealthyThresholdCount: unhealthy } = settings;
    if (healthy !== undefined) check.healthyThreshold = numberIn('Healthy threshold count', healthy, 2, 10);
    if (unhealthy !== undefined)
      check.unhealthyThreshold = numberIn('Unhealthy threshold count', unhealthy, 2, 10);
  }

  setAttributes(attributes: readonly { Key?: string; Value?: string }[]): void {
    for (const { Key, Value } of attributes) {
      const value = String(Value);
      if (Key! in FIXED && value !== FIXED[Key!])
        throw faults.configuration(`Target group attribute '${Key}' can only be '${FIXED[Key!]}' locally`);
      if (Key === 'deregistration_delay.timeout_seconds')
        this.group.options.deregistrationDelayMs =
          1_000 * numberIn('Deregistration delay', value, 0, LONGEST_DELAY_SECONDS);
      this.attributes[Key!] = value;
    }
  }

  /** A target's port defaults to the group's; only this machine's loopback addresses can be targets. */
  private target(target: TargetDescription): Target {
    if (!/^127\.\d+\.\d+\.\d+$/.test(target.Id ?? ''))
      throw faults.target(
        `The target '${target.Id}' is not valid; locally targets have loopback addresses such as 127.0.0.1`,
      );
    return { id: target.Id!, port: target.Port ?? this.port };
  }

  register(targets: readonly TargetDescription[]): void {
    for (const { id, port } of targets.map((target) => this.target(target))) this.group.register(id, port);
  }

  deregister(targets: readonly TargetDescription[]): Promise<unknown> {
    const gone = targets.map((target) => this.target(target));
    return Promise.all(gone.map(({ id, port }) => this.group.deregister(id, port)));
  }

  has(target: TargetDescription): boolean {
    const { id, port } = this.target(target);
    return this.group.find(id, port) !== undefined;
  }

  health(wanted?: readonly TargetDescription[]): TargetHealthDescription[] {
    const targets = wanted?.length ? wanted.map((target) => this.target(target)) : this.group.all();
    return targets.map((target) => this.healthOf(target));
  }

  hosts(state: string): number {
    return this.group.all().filter((target) => target.state === state).length;
  }

  /** The health of one target, or of one that is not registered. */
  private healthOf({ id, port }: Target): TargetHealthDescription {
    const target = this.group.find(id, port);
    const { code, description } = target ? (target.reason ?? {}) : REASONS.notRegistered;
    const { port: checkPort } = this.group.options.check;
    return {
      Target: { Id: id, Port: port },
      HealthCheckPort: String(checkPort === 'traffic-port' ? port : checkPort),
      TargetHealth: {
        State: target?.state ?? 'unused',
        Reason: code as NonNullable<TargetHealthDescription['TargetHealth']>['Reason'],
        Description: description,
      },
    };
  }

  shown(): TargetGroupShown {
    const { check } = this.group.options;
    return {
      TargetGroupArn: this.arn,
      TargetGroupName: this.name,
      Protocol: 'HTTP',
      ProtocolVersion: 'HTTP1',
      Port: this.port,
      VpcId: this.vpcId,
      HealthCheckProtocol: 'HTTP',
      HealthCheckPort: String(check.port),
      HealthCheckEnabled: check.enabled,
      HealthCheckIntervalSeconds: check.intervalMs / 1_000,
      HealthCheckTimeoutSeconds: check.timeoutMs / 1_000,
      HealthyThresholdCount: check.healthyThreshold,
      UnhealthyThresholdCount: check.unhealthyThreshold,
      HealthCheckPath: check.path,
      Matcher: { HttpCode: check.matcher },
      LoadBalancerArns: this.loadBalancerArn ? [this.loadBalancerArn] : [],
      TargetType: this.targetType as 'ip',
      IpAddressType: 'ipv4',
    };
  }
}

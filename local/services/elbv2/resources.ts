import type { Clock } from '../../clock';
import { ProxyListener } from '../../proxy/listener';
import type { ResourceMaker } from '../../service';
import { normalActions } from './actions';
import { faults } from './faults';
import type { CreateGroup } from './group-creation';
import { listenerArn, ruleArn, shortName } from './names';
import { type Routing, refuseTransforms } from './routing';
import { loadBalancerResource } from './shown';
import { type ListenerRecord, LoadBalancerRecord, type RuleRecord, type State } from './state';

/** What an HTTPS listener shows for a certificate, and its key, both PEM; undefined for one that is not known. */
export type IdentityOf = (
  certificateArn: string,
) => Promise<{ certificate: string; key: string }> | undefined;

export interface ResourceOptions {
  clock: Clock;
  /** See ExchangeOptions.retryGet. */
  retryGet: boolean;
  createGroup: CreateGroup;
  identityOf: IdentityOf;
}

interface ListenerProperties {
  LoadBalancerArn: string;
  Protocol?: string;
  Certificates?: { CertificateArn: string }[];
  ListenerAttributes?: unknown[];
  DefaultActions: Parameters<typeof normalActions>[0];
}

/** What a template creates; every listener gets a free loopback port. */
export function resources(
  state: State,
  routing: Routing,
  { clock, retryGet, createGroup, identityOf }: ResourceOptions,
): Record<string, ResourceMaker> {
  /** Source: Elastic Load Balancing API Reference, CreateListener: HTTPS has exactly one certificate, the default one. */
  async function tlsOf({ Protocol = 'HTTP', Certificates = [] }: ListenerProperties) {
    if (Protocol === 'HTTP') return undefined;
    if (Protocol !== 'HTTPS')
      throw faults.configuration(`Listener protocol '${Protocol}' is not served locally; use HTTP or HTTPS`);
    const [one, ...more] = Certificates;
    if (!one || more.length > 0)
      throw faults.validation('A certificate must be specified for HTTPS listeners, and exactly one');
    const identity = await identityOf(one.CertificateArn);
    if (identity) return identity;
    throw faults.configuration(
      `Certificate '${one.CertificateArn}' is not known locally; make it in the template, as AWS::CertificateManager::Certificate`,
    );
  }

  async function createListener(properties: ListenerProperties): Promise<ListenerRecord> {
    const loadBalancer = state.loadBalancer(properties.LoadBalancerArn);
    const tls = await tlsOf(properties);
    if (properties.ListenerAttributes?.length)
      throw faults.configuration('Listener attributes are not served locally; leave ListenerAttributes out');
    const actions = normalActions(properties.DefaultActions);
    routing.checkGroups({ loadBalancer }, actions);
    const arn = listenerArn(loadBalancer.fullName);
    const proxy = await ProxyListener.open({
      tally: loadBalancer.tally,
      tallyOf: (group) => loadBalancer.tallyOf(group),
      retryGet,
      tls,
      idleTimeoutMs: 1_000 * Number(loadBalancer.attributes['idle_timeout.timeout_seconds']),
    });
    const listener: ListenerRecord = {
      arn,
      loadBalancer,
      proxy,
      defaultRule: { arn: ruleArn(arn), conditions: [], actions },
      rules: [],
    };
    state.listeners.set(arn, listener);
    loadBalancer.listeners.push(listener);
    routing.changed(listener);
    return listener;
  }

  return {
    'AWS::ElasticLoadBalancingV2::LoadBalancer': (properties, { name }) => {
      const {
        Type = 'application',
        Scheme = 'internet-facing',
        LoadBalancerAttributes = [],
        Tags = [],
        SecurityGroups = [],
      } = properties;
      if (Type !== 'application')
        throw faults.configuration(`Load balancer type '${Type}' is not served locally; use application`);
      const given = Object.fromEntries(
        LoadBalancerAttributes.map(({ Key, Value }: { Key: string; Value: string }) => [Key, String(Value)]),
      );
      const chosen = properties.Name ?? shortName(name);
      const attributes = { 'idle_timeout.timeout_seconds': '60', ...given };
      const created = new Date(clock.now());
      const record = new LoadBalancerRecord(chosen, created, Scheme, attributes, SecurityGroups);
      state.loadBalancers.set(record.arn, record);
      state.tag(record.arn, Tags);
      return loadBalancerResource(record);
    },
    'AWS::ElasticLoadBalancingV2::TargetGroup': (properties, { name }) => {
      const record = createGroup(state, properties.Name ?? shortName(name), properties);
      const targets: { Id: string; Port?: number | string }[] = properties.Targets ?? [];
      record.register(
        targets.map(({ Id, Port }) => ({ Id, Port: Port === undefined ? Port : Number(Port) })),
      );
      return {
        ref: record.arn,
        attributes: {
          TargetGroupArn: record.arn,
          TargetGroupFullName: record.fullName,
          TargetGroupName: record.name,
          LoadBalancerArns: '',
        },
      };
    },
    'AWS::ElasticLoadBalancingV2::Listener': async (properties) => {
      const { arn } = await createListener(properties);
      return { ref: arn, attributes: { ListenerArn: arn } };
    },
    'AWS::ElasticLoadBalancingV2::ListenerRule': (properties) => {
      refuseTransforms(properties.Transforms);
      const listener = state.listener(properties.ListenerArn);
      const rule: RuleRecord = {
        arn: ruleArn(listener.arn),
        priority: routing.checkPriority(listener, properties.Priority),
        conditions: routing.checkConditions(properties.Conditions),
        actions: normalActions(properties.Actions),
      };
      routing.checkGroups(listener, rule.actions);
      listener.rules.push(rule);
      routing.changed(listener);
      return { ref: rule.arn, attributes: { RuleArn: rule.arn, IsDefault: 'false' } };
    },
  };
}

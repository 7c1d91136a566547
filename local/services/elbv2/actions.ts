import type { Action, ActionTypeEnum, TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Group, Action as ProxyAction } from '../../proxy/route';
import { faults } from './faults';

const LARGEST_WEIGHT = 999;
const MOST_GROUPS = 5;
const LONGEST_STICKINESS_SECONDS = 604_800;
const ENDING: readonly (ActionTypeEnum | undefined)[] = ['forward', 'fixed-response', 'redirect'];

function weightOf({ Weight = 1 }: TargetGroupTuple): number {
  const weight = Number(Weight);
  if (Number.isInteger(weight) && weight >= 0 && weight <= LARGEST_WEIGHT) return weight;
  throw faults.validation(
    `The weight '${Weight}' is not valid; weights are integers between 0 and ${LARGEST_WEIGHT}`,
  );
}

function stickinessOf(action: Action) {
  const config = action.ForwardConfig?.TargetGroupStickinessConfig;
  if (String(config?.Enabled ?? false) !== 'true') return { Enabled: false };
  const seconds = Number(config!.DurationSeconds);
  if (!(seconds >= 1 && seconds <= LONGEST_STICKINESS_SECONDS))
    throw faults.validation(
      `Target group stickiness duration must be between 1 and ${LONGEST_STICKINESS_SECONDS} seconds`,
    );
  return { Enabled: true, DurationSeconds: seconds };
}

/** The scalar and the weighted form say the same for one group; with several only the weighted one is shown. */
function normalForward(action: Action): Action {
  const { TargetGroupArn, ForwardConfig } = action;
  const tuples = ForwardConfig?.TargetGroups ?? (TargetGroupArn ? [{ TargetGroupArn }] : []);
  const groups = tuples.map((tuple) => ({ TargetGroupArn: tuple.TargetGroupArn, Weight: weightOf(tuple) }));
  if (groups.length === 0) throw faults.action('You must specify a target group for a forward action');
  if (groups.length > MOST_GROUPS) throw faults.tooManyGroups();
  if (new Set(groups.map(({ TargetGroupArn }) => TargetGroupArn)).size < groups.length)
    throw faults.validation('Target groups in a forward action must be unique');
  if (TargetGroupArn && (groups.length > 1 || groups[0]!.TargetGroupArn !== TargetGroupArn))
    throw faults.action(
      'If you specify both ForwardConfig and TargetGroupArn, you can specify only one target group using ForwardConfig and it must be the same target group specified in TargetGroupArn',
    );
  return {
    Type: 'forward',
    ...(groups.length === 1 && { TargetGroupArn: groups[0]!.TargetGroupArn }),
    ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: stickinessOf(action) },
  };
}

function normalRedirect({ RedirectConfig: config }: Action): Action {
  if (!config?.StatusCode) throw faults.action('A redirect action needs a RedirectConfig with a StatusCode');
  const {
    Protocol = '#{protocol}',
    Host = '#{host}',
    Port = '#{port}',
    Path = '/#{path}',
    Query = '#{query}',
  } = config;
  return {
    Type: 'redirect',
    RedirectConfig: { Protocol, Host, Port, Path, Query, StatusCode: config.StatusCode },
  };
}

function normalResponse({ FixedResponseConfig: config }: Action): Action {
  if (!/^[245]\d\d$/.test(String(config?.StatusCode ?? '')))
    throw faults.action('A fixed-response action needs a StatusCode of the form 2XX, 4XX or 5XX');
  return {
    Type: 'fixed-response',
    FixedResponseConfig: { ...config!, StatusCode: String(config!.StatusCode) },
  };
}

/** The actions as ELB stores and shows them; throws its exceptions for a list that it does not accept. */
export function normalActions(actions: readonly Action[] | undefined): Action[] {
  if (!actions || actions.length === 0) throw faults.action('A rule must have at least one action');
  for (const { Type } of actions)
    if (!ENDING.includes(Type))
      throw faults.configuration(
        `Actions of type '${Type}' are not served locally; use forward, fixed-response or redirect`,
      );
  if (actions.length > 1) throw faults.tooManyActions();
  const action = actions[0]!;
  if (action.Type === 'forward') return [normalForward(action)];
  return [action.Type === 'redirect' ? normalRedirect(action) : normalResponse(action)];
}

/** The ARNs of all groups that stored actions name, also those of weight 0. */
export const groupsOf = (actions: readonly Action[]): string[] =>
  actions.flatMap(
    ({ ForwardConfig }) => ForwardConfig?.TargetGroups?.map(({ TargetGroupArn }) => TargetGroupArn!) ?? [],
  );

/** Stored actions as the proxy performs them. */
export function proxyAction(actions: readonly Action[], group: (arn: string) => Group): ProxyAction {
  const { Type, ForwardConfig, FixedResponseConfig, RedirectConfig } = actions[0]!;
  if (Type === 'forward') {
    const sticky = ForwardConfig!.TargetGroupStickinessConfig!;
    return {
      type: 'forward',
      groups: ForwardConfig!.TargetGroups!.map(({ TargetGroupArn, Weight }) => ({
        group: group(TargetGroupArn!),
        weight: Weight!,
      })),
      stickySeconds: sticky.Enabled ? sticky.DurationSeconds : undefined,
    };
  }
  if (Type === 'redirect') {
    const { Protocol, Host, Port, Path, Query, StatusCode } = RedirectConfig!;
    const status = StatusCode === 'HTTP_301' ? 301 : 302;
    return {
      type: 'redirect',
      status,
      protocol: Protocol!,
      host: Host!,
      port: Port!,
      path: Path!,
      query: Query!,
    };
  }
  const { StatusCode, ContentType, MessageBody } = FixedResponseConfig!;
  return { type: 'fixed-response', status: Number(StatusCode), contentType: ContentType, body: MessageBody };
}

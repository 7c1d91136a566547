import { memo } from 'preact/compat';
import type { Past } from '../domain/report/history';
import { duration } from '../domain/report/moments';
import type { ServiceStatus } from '../domain/report/status';
import type { Parts } from './live';
import { day, Part } from './words';

type Listed = Pick<Past, 'deployment' | 'began' | 'outcome'> & Partial<Past>;

const SIGNS: Record<string, string> = {
  running: '…',
  RUNNING: '…',
  DeploymentSucceeded: '✓',
  RolledBack: '↩',
  DeploymentRejected: '✗',
  NeedsOperator: '!',
};

const Service = ({ status }: { status: ServiceStatus }) => {
  const { service, environment, live, weights, tasks, deployment, remains, rollback, closedSince } = status;
  return (
    <li>
      <h3>
        {service} <span>({environment})</span>
      </h3>
      <p>
        {live
          ? `${(live.image ?? 'an unknown image').replace(/^[^/]*\//, '').replace(/(@sha256:\w{12})\w+/, '$1')} is live in slot ${live.slot}${live.since ? ` since ${day(live.since)}` : ''}`
          : 'nothing was recorded yet'}
      </p>
      {closedSince && <p class="problem">Users get the maintenance page since {day(closedSince)}.</p>}
      <p>
        {tasks.map(({ slot, running, desired }) => `slot ${slot}: ${running} of ${desired} tasks`).join(', ')}
        {weights !== null &&
          (typeof weights === 'string' ? `; ${weights}` : `; traffic a ${weights.a} %, b ${weights.b} %`)}
      </p>
      {deployment ? (
        <p>
          <a href={`#${deployment.name}`}>{deployment.name}</a> <b>{deployment.state}</b>
          {deployment.last && `: ${deployment.last.step} ${deployment.last.said}`}
        </p>
      ) : (
        <p>No deployment is at work.</p>
      )}
      {remains && <p>{remains}</p>}
      <p>
        {rollback.possible
          ? `Can be rolled back until ${day(rollback.until)}.`
          : `Cannot be rolled back: ${rollback.because}.`}
      </p>
    </li>
  );
};

/** One deployment; drawn again only when it has changed, because there may be a thousand. */
const Row = memo(({ listed }: { listed: Listed }) => (
  <li>
    <a href={`#${listed.deployment}`}>{listed.deployment}</a>
    <span class={`outcome ${listed.outcome}`}>
      <span aria-hidden="true">{SIGNS[listed.outcome] ?? '·'}</span> {listed.outcome}
    </span>
    <span>{listed.service}</span>
    <span>{listed.image}</span>
    <span>
      {day(listed.began)}
      {listed.seconds === undefined ? '' : `, ${duration(listed.seconds)}`}
    </span>
    <span class="why">{listed.requestedBy && `${listed.requestedBy}: ${listed.reason}`}</span>
  </li>
));

export function ListPage({ parts, stack }: { parts: Parts; stack: string }) {
  const services = (parts.services ?? []) as ServiceStatus[];
  const deployments = Object.entries(parts)
    .flatMap(([name, value]) => (name.startsWith('deployment ') ? [value as Listed] : []))
    .sort((one, other) => other.began.localeCompare(one.began));
  return (
    <>
      <h1>{stack}</h1>
      <Part id="services" title="Services">
        <ul class="services">
          {services.map((status) => (
            <Service key={status.service} status={status} />
          ))}
        </ul>
      </Part>
      <Part id="deployments" title={`Deployments: ${deployments.length}, the newest first`}>
        <ul class="deployments">
          {deployments.map((listed) => (
            <Row key={listed.deployment} listed={listed} />
          ))}
        </ul>
      </Part>
    </>
  );
}

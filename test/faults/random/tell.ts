import { kinds } from '../cases';
import type { Deployment, Event, Moment, Release, Story } from './story';

const deploy = ({ version, strategy, migrations, onBusy }: Release) =>
  [
    `deploy ${version} ${strategy}`,
    ...(migrations === 'none' ? ['without migrations'] : []),
    ...(onBusy === 'reject' ? [] : [onBusy === 'wait' ? 'waiting for its turn' : 'superseding']),
  ].join(', ');

const moment = (when: Moment) => (when === 'over' ? 'when it is over' : `when ${when.entered} is entered`);

const does = {
  stop: 'stop the execution',
  'roll back': 'roll back',
  approve: 'approve',
  reject: 'reject',
  pause: 'pause',
  resume: 'resume',
  redrive: 'redrive the execution',
  'start again': 'start the same execution again',
};

const happens = {
  task: 'a task of green is lost',
  weights: 'somebody moves the weights',
  orders: 'somebody locks the table orders for a while',
  products: 'somebody locks the table products for a while',
};

const fails = {
  before: 'fails without effect',
  after: 'takes effect and fails',
  throttle: 'is throttled',
  slow: 'is slow',
  deny: 'is denied',
};

const count = (times: number) => (times === 1 ? 'once' : `${times} times`);

/** An event as one sentence. */
export function sentence(event: Event): string {
  switch (event.kind) {
    case 'fault':
      return `${event.at}: ${kinds[event.befalls]}`;
    case 'call':
      return `${event.operation} ${fails[event.fails]} ${count(event.times)}`;
    case 'told':
      return `the event of its bad end comes ${event.told}`;
    case 'command':
      return `${moment(event.when)}, ${does[event.verb]}`;
    case 'second':
      return `${moment(event.when)}, ${deploy(event.deploy)}`;
    case 'meddling':
      return `${moment(event.when)}, ${happens[event.with]}`;
  }
}

function opening(deployment: Deployment): string {
  const { approval, warm, wayBack } = deployment;
  return [
    deploy(deployment),
    ...(approval ? ['with an approval'] : []),
    ...(warm ? ['the previous version kept warm'] : []),
    ...(wayBack === 'automatic' ? [] : [`people ${wayBack} a late rollback`]),
  ].join(', ');
}

/** A story as people read it: one sentence per line, events below their deployment. */
export const tell = ({ deployments }: Story): string =>
  deployments
    .flatMap((deployment) => [
      opening(deployment),
      ...deployment.events.map((event) => `  ${sentence(event)}`),
    ])
    .join('\n');

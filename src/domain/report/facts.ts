import { describeWeights } from '../traffic/weights';
import type { Report } from '.';
import { duration, moment } from './moments';

/** What every form of a report says of the deployment itself, in this order. */
export const factsOf = (report: Report): [name: string, value: string][] => [
  ['deployment', report.deployment],
  ['service', report.service],
  ['image', report.image],
  ['asked by', report.requestedBy],
  ['reason', report.reason],
  ['strategy', report.strategy],
  ['began', `${moment(report.began)}, took ${duration(report.seconds)}`],
];

/** Who serves now. */
export const nowOf = ({ now }: Report): string =>
  now
    ? `slot ${now.slot} serves${now.image ? ` ${now.image}` : ''}${now.weights ? `, weights ${describeWeights(now.weights)}` : ''}`
    : 'nothing is recorded of the service';

export const titleOf = ({ requestedImage, outcome }: Report): string =>
  `${requestedImage}: ${outcome ?? 'not ended'}`;

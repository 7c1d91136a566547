import { describeWeights } from '../traffic/weights';
import type { Report } from '.';
import { duration, moment } from './moments';
import type { Asked } from './told';

/** What every form of a report says of the deployment itself, in this order. */
export const factsOf = (report: Report): [name: string, value: string][] => [
  ['deployment', report.deployment],
  ['service', report.service],
  ['image', report.image],
  ['asked by', report.requestedBy],
  ['reason', report.reason],
  ['strategy', report.strategy],
  ['began', `${moment(report.began)}, took ${duration(report.seconds)}`],
  ...report.asked.map((asked): [string, string] => ['asked', answerOf(asked)]),
  ...report.recoveries.map(({ at, execution, because }): [string, string] => [
    'resumed',
    `${moment(at)} in ${execution}: ${because}`,
  ]),
  ...report.remains.map((remains): [string, string] => ['remains', remains]),
];

/** Who approved what. */
const answerOf = ({ about, because, approved, by, reason }: Asked): string =>
  `about ${about} (${because}): ${approved === null ? 'no answer yet' : `${by} ${approved ? 'approved' : 'rejected'}: ${reason}`}`;

/** The locks of a migration in words. */
export const locksOf = ({ locks }: Report['migrations'][number]): string =>
  locks.map(({ relation, mode }) => `${mode} on ${relation}`).join(', ') || 'none';

/** Who serves now. */
export const nowOf = ({ now }: Report): string =>
  now
    ? `slot ${now.slot} serves${now.image ? ` ${now.image}` : ''}${now.weights ? `, weights ${describeWeights(now.weights)}` : ''}`
    : 'nothing is recorded of the service';

export const titleOf = ({ requestedImage, outcome }: Report): string =>
  `${requestedImage}: ${outcome ?? 'not ended'}`;

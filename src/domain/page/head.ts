import type { Progress } from '../recovery/progress';
import { type Report, reportOf } from '../report';
import { moment } from '../report/moments';
import { shortImage } from '../request/image-reference';
import { controlText } from '../traffic/pause';
import { type Action, actionsOf } from './actions';
import type { Seen } from './seen';

/** How a deployment stands, in a word. */
export type Standing =
  | 'works'
  | 'asks'
  | 'paused'
  | 'back'
  | 'live'
  | 'rolled back'
  | 'rejected'
  | 'planned'
  | 'operator'
  | 'stopped'
  | 'unknown';

/** What whoever opens the page has to know first. */
export interface Head {
  deployment: string;
  standing: Standing;
  /** How it stands, in a sentence. */
  outcome: string;
  /** What is expected of a person; empty for nothing. */
  expected: string;
  /** Why, and for an operator what to do, a part each. */
  because: string[];
  /** The newest step that has written its row. */
  last: { at: string; phase: string; step: string } | null;
  /** What it is, by name and value. */
  facts: [name: string, value: string][];
  actions: Action[];
  /** Why it cannot be rolled back; empty where it can, or where nobody knows. */
  unless: string;
}

const BACK = ['return', 'revert', 'conclude'];

type Told = Pick<Head, 'standing' | 'outcome' | 'expected' | 'because'>;

const parts = (cause: string) => cause.split('; ').filter((part) => part !== '');

/** Of one that has an end of the graph. */
function ended({ outcome, cause, requestedImage: image }: Report, { standing }: Seen): Told | undefined {
  const because = parts(cause);
  switch (outcome) {
    case 'DeploymentSucceeded':
      return { standing: 'live', outcome: `${image} was released`, expected: '', because };
    case 'RolledBack':
      return { standing: 'rolled back', outcome: `${image} was rolled back`, expected: '', because };
    case 'DeploymentRejected':
      return { standing: 'rejected', outcome: `${image} was rejected`, expected: '', because };
    case 'PlanReported':
      return {
        standing: 'planned',
        outcome: `${image} was planned, and nothing was changed`,
        expected: '',
        because,
      };
    case 'NeedsOperator':
      return {
        standing: 'operator',
        outcome: `${image} ${standing?.held ? 'is' : 'was'} left to a person`,
        expected: standing?.held?.stuck
          ? 'A person has to go on: nothing happens by itself, and the lock is taken. What stands and what to do is below.'
          : '',
        because,
      };
    default:
      return undefined;
  }
}

/** Of one that has not ended, and that nothing drives any more. */
function left({ execution, standing, deployment }: Seen, image: string): Told | undefined {
  if (!execution || execution.running) return undefined;
  const held = standing?.held?.holder === deployment ? standing.held : undefined;
  return {
    standing: held?.stuck ? 'operator' : 'stopped',
    outcome: `${image}: its execution is over without an end, ${execution.status}`,
    expected: held?.stuck
      ? 'A person has to go on: nothing happens by itself.'
      : held
        ? 'Nothing yet: the workflow goes on with it by itself, within five minutes.'
        : '',
    because: parts(execution.cause),
  };
}

function atWork(seen: Seen, report: Report, progress: Progress | undefined): Told {
  const { question, control, rows } = seen;
  const image = report.requestedImage;
  const because = parts(report.phases.at(-1)?.steps.at(-1)?.said ?? '');
  const phase = rows.at(-1)?.phase ?? 'prepare';
  if (question)
    return {
      standing: 'asks',
      outcome: question.title,
      expected: `A person has to answer, until ${moment(question.expiresAt)}.`,
      because: question.lines,
    };
  if (BACK.includes(phase) || progress?.turnedBack)
    return {
      standing: 'back',
      outcome: `${image} is being rolled back`,
      expected: 'Nothing: it goes on by itself.',
      because,
    };
  if (control?.paused)
    return {
      standing: 'paused',
      outcome: `${image} is ${controlText(control)}`,
      expected:
        'Somebody has to resume it: a pause that nobody ends is rolled back. Green is watched meanwhile.',
      because,
    };
  if (progress?.waits)
    return {
      standing: 'works',
      outcome: `${image} waits for its time, and holds no lock`,
      expected: 'Nothing: it begins by itself. A rollback ends the wait.',
      because,
    };
  return {
    standing: 'works',
    outcome: `${image} is being deployed: ${phase}`,
    expected: 'Nothing: it goes on by itself.',
    because,
  };
}

function factsOf({ service, image, requestedBy, reason, strategy, began }: Report): Head['facts'] {
  return [
    ['service', service],
    ['image', shortImage(image)],
    ['asked by', requestedBy],
    ['reason', reason],
    ['strategy', strategy],
    ['began', moment(began)],
  ];
}

/** @throws InvalidInput for a journal that a newer version wrote */
export function headOf(seen: Seen, progress: Progress | undefined): Head {
  const { deployment, rows, execution } = seen;
  const row = rows.at(-1);
  if (!row)
    return {
      deployment,
      standing: execution?.running ? 'works' : 'unknown',
      outcome: execution?.running
        ? `${deployment} begins`
        : `there is no deployment ${deployment}, or nothing is left of it`,
      expected: execution?.running ? 'Nothing: it goes on by itself.' : 'Look at its name again.',
      because: parts(execution?.cause ?? ''),
      last: null,
      facts: [],
      actions: [],
      unless: '',
    };
  const report = reportOf(deployment, rows, null);
  // one that is resumed after its end is at work again
  const over = execution?.running ? undefined : ended(report, seen);
  const told = over ?? left(seen, report.requestedImage) ?? atWork(seen, report, progress);
  return {
    deployment,
    ...told,
    last: { at: row.at, phase: row.phase, step: row.step },
    facts: factsOf(report),
    ...actionsOf(seen, progress),
  };
}

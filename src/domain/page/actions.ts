import { mayResume, type Progress } from '../recovery/progress';
import { duration } from '../report/moments';
import { readAs } from '../report/read';
import { shortImage } from '../request/image-reference';
import { aloneIn } from '../settings/slots';
import { capital } from '../text/sentence';
import { notWatched } from '../traffic/pause';
import type { Seen } from './seen';

export const pageVerbs = ['approve', 'reject', 'pause', 'resume', 'promote', 'rollback'] as const;
/** What can be said to a deployment on its page: verbs of the command line. */
export type PageVerb = (typeof pageVerbs)[number];

/** Something that can be said to a deployment as it stands. */
export interface Action {
  verb: PageVerb;
  /** On its button. */
  label: string;
  /** What it will do, a sentence each, before anybody confirms it. */
  does: string[];
}

/** Phases from which on nobody holds a deployment at its share: it goes back, or has ended. */
const BEYOND_PAUSE = ['contract', 'finish', 'return', 'revert', 'conclude', 'escalate'];

const answers = ({ question }: Seen): Action[] => {
  if (!question) return [];
  const { title, lines } = question;
  const first = 'the first answer counts, whichever way it comes';
  return [
    { verb: 'approve', label: 'Approve', does: [`Yes to: ${title}`, ...lines, first] },
    { verb: 'reject', label: 'Reject', does: [`No to: ${title}`, ...lines, first] },
  ];
};

function pauses({ control, rows }: Seen, { deployment, variables }: Progress): Action[] {
  const { settings, steps, strategy } = deployment;
  if (control?.paused)
    return [
      {
        verb: 'resume',
        label: 'Resume',
        does: [
          'The deployment goes on from where it was paused, at its next look, within five minutes.',
          'What was seen of green so far counts; it gets all of its time to be judged.',
        ],
      },
    ];
  if (BEYOND_PAUSE.includes(rows.at(-1)?.phase ?? '')) return [];
  const share = variables.shift?.greenPercent ?? steps[0]?.percent;
  const holds =
    share === undefined || !settings.traffic || strategy === 'ROLLING'
      ? 'From its next look at green on, the deployment goes no further until somebody resumes it.'
      : variables.shift
        ? `Green keeps its ${share} % of the traffic from the next look on, until somebody resumes it.`
        : `It goes on until green has its first ${share} % of the traffic, and stays there until somebody resumes it.`;
  return [
    {
      verb: 'pause',
      label: 'Pause',
      does: [
        holds,
        'Green is still watched: one that turns bad is rolled back.',
        `A pause that nobody ends in ${duration(settings.deadlines.pauseSeconds)} is rolled back, too.`,
      ],
    },
  ];
}

function promotion({ rows }: Seen, { deployment, variables }: Progress): Action[] {
  const last = rows.at(-1);
  if (notWatched(last) !== undefined || !last) return [];
  const { steps, settings } = deployment;
  const shortest = settings.limits.minimumBakeSeconds;
  const next = steps[(variables.shift?.step ?? 0) + 1];
  const look = readAs('ObserveGreen', last);
  const open = Object.entries(look?.evidence ?? {}).flatMap(([of, piece]) =>
    piece?.verdict === 'undecided' ? [`${of}: ${piece.because}`] : [],
  );
  return [
    {
      verb: 'promote',
      label: 'Promote',
      does: [
        next
          ? `Green gets ${next.percent} % of the traffic at its next look, instead of ${variables.shift?.greenPercent ?? 0} %.`
          : 'The deployment finishes at its next look: green keeps everything, and blue is stopped.',
        open.length === 0
          ? 'Nothing of what is known of green is undecided now.'
          : `You answer for what is undecided: ${open.join('; ')}.`,
        'A green that is found bad is rolled back all the same.',
        ...(shortest > 0 ? [`No step is shorter than ${duration(shortest)}.`] : []),
      ],
    },
  ];
}

const schemaText = ({ variables }: Progress) =>
  variables.migration === null
    ? 'No migration has run: the schema is not touched.'
    : 'Migrations have run: what becomes of the schema is decided once users are back, by how far they came and by what the database says.';

function rollback(seen: Seen, progress: Progress): Action {
  const { deployment, variables, finished } = progress;
  const blue = variables.live;
  const previous = `the previous version${blue?.image ? `, ${shortImage(blue.image)},` : ''}`;
  const back = finished
    ? `${capital(previous)} is started where it does not run any more, and then ${aloneIn(deployment.settings)} again.`
    : variables.usersOnGreen
      ? `All users go back to ${previous} at once.`
      : `No user has reached ${deployment.requestedImage} yet: ${previous} goes on serving.`;
  return {
    verb: 'rollback',
    label: 'Roll back',
    does: [
      ...(seen.execution?.running ? ['The execution that is at work is stopped first.'] : []),
      back,
      `${deployment.requestedImage} is stopped.`,
      schemaText(progress),
      'The rollback itself cannot be taken back: to have this version again, deploy it again.',
    ],
  };
}

/** What can be said to a deployment now; `unless`: why it cannot be rolled back, empty where it can. */
export function actionsOf(seen: Seen, progress: Progress | undefined): { actions: Action[]; unless: string } {
  const running = seen.execution?.running === true;
  if (!progress) return { actions: running ? answers(seen) : [], unless: '' };
  const { standing } = seen;
  const circumstances = standing && {
    resume: 'rollback' as const,
    now: seen.now,
    held: standing.held,
    driverRuns: standing.driverRuns,
    stack: standing.stack,
    released:
      standing.recorded?.deployment && standing.recorded.releasedAt
        ? { deployment: standing.recorded.deployment, at: standing.recorded.releasedAt }
        : undefined,
  };
  const may = circumstances && mayResume(progress, circumstances);
  return {
    actions: [
      ...(running ? [...answers(seen), ...pauses(seen, progress), ...promotion(seen, progress)] : []),
      ...(may?.yes ? [rollback(seen, progress)] : []),
    ],
    unless: may && !may.yes ? may.because : '',
  };
}

import type { Paint } from './ansi';
import { type Counts, percentile, requests } from './counts';
import type { Chapter, Told } from './deployments';
import { count, duration, elapsed } from './format';

/** Who has how much of the traffic, in percent; blue is the version that was live when the deployment began. */
export interface Shares {
  blue: number;
  green: number;
  /** The maintenance page. */
  page: number;
}

/** What is shown while a deployment runs. */
export interface Moment {
  chapter: Chapter;
  phase: string;
  state: string;
  /** The graph's sentence about the state. */
  comment: string;
  shares: Shares;
  elapsedMs: number;
  /** Counted in the last second. */
  recent: Counts;
  /** Counted since the deployment began. */
  during: Counts;
}

const BAR = 24;

function bar({ blue, page }: Shares, paint: Paint): string {
  const cells = (percent: number) => Math.round((percent / 100) * BAR);
  const green = BAR - cells(blue) - cells(page);
  return (
    paint.blue('█'.repeat(cells(blue))) + paint.green('█'.repeat(green)) + paint.dim('░'.repeat(cells(page)))
  );
}

/** A closed service is one on the page: neither version has users. */
const sharesOf = ({ blue, green, page }: Shares) =>
  page > 0 ? `maintenance page ${page}` : `blue ${blue} : ${green} green`;

const failures = ({ lost, appErrors }: Counts, paint: Paint) =>
  [
    lost === 0 ? 'lost 0' : paint.red(`lost ${count(lost)}`),
    appErrors === 0 ? 'app errors 0' : paint.yellow(`app errors ${count(appErrors)}`),
  ].join('   ');

/** A finished deployment in one line. */
export function toldLine(
  { name, outcome, durationMs, requests: all, lost }: Told,
  asExpected: boolean,
  paint: Paint,
) {
  const mark = asExpected ? paint.green('✔') : paint.red('✘');
  const end = outcome === 'DeploymentSucceeded' ? paint.green(outcome) : paint.yellow(outcome);
  return `${mark} ${paint.bold(name)}  ${end}  ${duration(durationMs)}  ${count(all)} requests, ${lost} lost`;
}

export function headline({ name, premise }: Chapter, paint: Paint): string {
  return `${paint.bold(name)}  ${paint.dim(premise)}`;
}

/** The lines that are redrawn at a terminal. */
export function liveLines(moment: Moment, paint: Paint): string[] {
  const { phase, state, comment, shares, recent, during } = moment;
  const versions = Object.entries(recent.versions)
    .filter(([, answers]) => answers > 0)
    .map(
      ([version, answers]) => `${version} ${Math.round((answers / Math.max(1, requests(recent))) * 100)} %`,
    );
  return [
    `▸ ${headline(moment.chapter, paint)}  ${elapsed(moment.elapsedMs)}`,
    `  ${paint.bold(phase)} › ${state}`,
    `  ${paint.dim(comment)}`,
    `  traffic   ${paint.blue('blue')} ${bar(shares, paint)} ${paint.green('green')}  ${sharesOf(shares)}`,
    `  users     ${count(requests(recent))} requests/s   p99 ${duration(percentile(recent, 0.99))}   ${versions.join('  ')}`,
    `  so far    ${count(requests(during))} requests   ${failures(during, paint)}`,
  ];
}

/** The same for a log file: one line per change. */
export function plainLine({ chapter, phase, state, shares, elapsedMs, recent, during }: Moment): string {
  return [
    elapsed(elapsedMs).padStart(5),
    chapter.name,
    phase.padEnd(9),
    state.padEnd(20),
    sharesOf(shares).padEnd(20),
    `${count(requests(recent))} requests/s`,
    `lost ${during.lost}`,
    `app errors ${during.appErrors}`,
  ].join('  ');
}

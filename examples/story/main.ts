import { awsOf } from './clients';
import { type RunningCloud, startCloud, synthesise } from './cloud';
import { type Counts, noCounts, requests } from './counts';
import { again, type Chapter, contradictions, STORIES, type Told } from './deployments';
import { commentsOf } from './follow';
import { duration } from './format';
import { countLeftovers } from './leftovers';
import { Interrupted, timeToEnd } from './lifetime';
import { toldLine } from './live';
import { type Options, readOptions, USAGE } from './options';
import { playgroundLines } from './playground';
import { watchDescendants } from './processes';
import { createScreen, type Screen } from './screen';
import { documentOf, type Leftovers, problemsOf, summaryLines } from './summary';
import { tell } from './tell';
import { startTraffic, type Traffic } from './traffic';

/** Everything that was begun and has to end. */
interface Begun {
  cloud?: RunningCloud;
  traffic?: Traffic;
  locks: number;
}

/** A story that is being told. */
interface Telling {
  options: Options;
  /** Those of every round that was begun. */
  chapters: Chapter[];
  screen: Screen;
  begun: Begun;
  told: Told[];
  descendants: ReturnType<typeof watchDescendants>;
}

async function timed<Result>(screen: Screen, label: string, work: Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work;
  screen.say(screen.paint.dim(`${label} in ${duration(performance.now() - started)}`));
  return result;
}

/** From nothing to users of v1, then one deployment after the other. */
async function play({ options, chapters, screen, begun, told, descendants }: Telling): Promise<void> {
  const log = (line: string) => screen.say(screen.paint.dim(`  ${line}`));
  await timed(screen, 'stack synthesised', synthesise(log));
  const cloud = await timed(screen, 'local cloud ready', startCloud(options, log));
  begun.cloud = cloud;
  const aws = awsOf(cloud);
  const stateMachineArn = cloud.outputs.StateMachineArn ?? '';
  await timed(screen, 'database of v1 prepared', aws.prepareDatabase());
  await timed(screen, 'manifests of the releases written', aws.bundleReleases());
  const url = await aws.shopUrl();
  const traffic = startTraffic(url, options.rate);
  begun.traffic = traffic;
  screen.say(`users send ${options.rate} requests per second to ${url}`);
  const comments = await commentsOf(aws.states, stateMachineArn);

  const first = [...chapters];
  // a round that is not the last adds the next one
  for (const chapter of chapters) {
    const stage = { aws, stateMachineArn, traffic, screen, comments };
    const one = await Promise.race([tell(chapter, stage), traffic.lost, cloud.lost]);
    told.push(one);
    descendants.look();
    const problems = contradictions(chapter, one);
    screen.say(toldLine(one, problems.length === 0, screen.paint));
    for (const problem of problems) screen.say(screen.paint.red(`  ${problem}`));
    if (one.cause) screen.say(screen.paint.dim(`  ${one.cause}`));
    if (told.length === chapters.length && requests(traffic.totals()) < options.requests)
      chapters.push(...again(first, chapters.length / first.length + 1));
  }
  begun.locks = await aws.locks();
}

/** Users first, so that none of them meets a closed door; then the cloud. */
async function close({
  screen,
  begun,
  descendants,
}: Telling): Promise<{ leftovers: Leftovers; totals: Counts; rps: number }> {
  descendants.look();
  await begun.traffic?.stop();
  const totals = begun.traffic?.totals() ?? noCounts();
  const rps = begun.traffic?.rps() ?? 0;
  await begun.cloud?.close();
  const workDirs = begun.cloud?.workDir ? [begun.cloud.workDir] : [];
  const leftovers = await countLeftovers(descendants, workDirs, begun.locks);
  for (const { pid, command } of descendants.alive())
    screen.say(screen.paint.red(`left behind: ${pid} ${command}`));
  return { leftovers, totals, rps };
}

/** Says how it went and what can be tried now; users and cloud stay until somebody ends them. */
async function stayUp({ chapters, screen, begun, told }: Telling): Promise<void> {
  const { cloud, traffic } = begun;
  if (!cloud || !traffic) return;
  const totals = traffic.totals();
  const lines = summaryLines(told, totals, traffic.rps(), problemsOf(chapters, told, totals), screen.paint);
  for (const line of ['', ...lines, '', ...playgroundLines(cloud, screen.paint)]) screen.say(line);
  await Promise.race([cloud.lost, traffic.lost]);
}

/** As a shell reports a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** What ended the story early, if anything did, as an exit code; 0 otherwise. */
async function tellAll(story: Telling): Promise<number> {
  const { options, chapters, screen, told } = story;
  try {
    const everything = options.once ? play(story) : play(story).then(() => stayUp(story));
    await Promise.race([everything, timeToEnd()]);
    return 0;
  } catch (error) {
    screen.settle();
    if (!(error instanceof Interrupted)) {
      screen.say(screen.paint.red(`error: ${(error as Error).message}`));
      return 1;
    }
    screen.say(`\n${error.message}`);
    return !options.once && told.length === chapters.length ? 0 : INTERRUPTED;
  }
}

/** Resolves with the exit code. */
async function run(options: Options): Promise<number> {
  const screen = createScreen(options.json ? process.stderr : process.stdout);
  const chapters = [...STORIES[options.story].chapters];
  const story: Telling = {
    ...{ options, chapters, screen },
    ...{ begun: { locks: 0 }, told: [], descendants: watchDescendants() },
  };
  const ended = await tellAll(story);
  const { leftovers, totals, rps } = await close(story);
  const problems = problemsOf(chapters, story.told, totals, leftovers);
  if (options.json)
    process.stdout.write(`${JSON.stringify(documentOf(story.told, totals, rps, leftovers))}\n`);
  if (options.once)
    for (const line of ['', ...summaryLines(story.told, totals, rps, problems, screen.paint)])
      screen.say(line);
  if (ended !== 0) return ended;
  // what visitors do while the cloud stays up is not part of the story
  const judged = options.once ? problems.length : leftovers.processes + leftovers.tempDirs;
  return judged > 0 ? 1 : 0;
}

async function main() {
  // the SDK's advice about Node's version is for developers, not for readers of the story
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return console.log(USAGE);
  if ('problem' in options) {
    console.error(`${options.problem}\n\n${USAGE}`);
    process.exit(2);
  }
  process.exit(await run(options));
}

void main();

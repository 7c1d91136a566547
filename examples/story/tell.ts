import { type HistoryEvent, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Aws } from './clients';
import { requests, since } from './counts';
import type { Chapter, Told } from './deployments';
import { follow, recoveryOf, start } from './follow';
import { durationMs, failureOf, pathOf, schemaBefore, verdictToBlueMs, windowMs } from './history';
import type { Shares } from './live';
import { phaseOf } from './phases';
import type { Screen } from './screen';
import type { Traffic } from './traffic';

const REDRAW_MS = 250;

interface Stage {
  aws: Aws;
  stateMachineArn: string;
  traffic: Traffic;
  screen: Screen;
  comments: ReadonlyMap<string, string>;
}

/** The group that serves when a deployment begins is blue. */
async function blueGroup(aws: Aws): Promise<string> {
  const weights = await aws.weights();
  return weights.toSorted((left, right) => right.percent - left.percent)[0]?.targetGroup ?? '';
}

async function sharesNow(aws: Aws, blueGroup: string): Promise<Shares> {
  const shares = { blue: 0, green: 0, page: 0 };
  for (const { targetGroup, percent, page } of await aws.weights())
    shares[page ? 'page' : targetGroup === blueGroup ? 'blue' : 'green'] += percent;
  return shares;
}

/** Deploys one version under load, shows it while it goes on, and resolves with how it went. */
export async function tell(chapter: Chapter, stage: Stage): Promise<Told> {
  const { aws, stateMachineArn, traffic, screen, comments } = stage;
  const before = await traffic.mark();
  const blue = await blueGroup(aws);
  const startedAt = performance.now();
  let history: readonly HistoryEvent[] = [];
  let drawing = Promise.resolve();

  async function draw() {
    const path = pathOf(history);
    const state = path.at(-1) ?? 'starting';
    screen.show({
      chapter,
      phase: phaseOf(path),
      state,
      comment: comments.get(state) ?? '',
      shares: await sharesNow(aws, blue),
      elapsedMs: performance.now() - startedAt,
      recent: traffic.lastSecond(),
      during: since(traffic.totals(), before),
    });
  }
  // one drawing after the other; one that fails only leaves the picture as it was
  const redraw = () => {
    drawing = drawing.then(draw).catch(() => {});
  };
  const redrawing = setInterval(redraw, REDRAW_MS);
  try {
    const execution = await start(aws.states, stateMachineArn, {
      service: 'shop',
      image: `shop:${chapter.version}`,
      reason: chapter.reason,
      requestedBy: 'npm start',
      ...chapter.request,
    });
    let stopping: Promise<unknown> | undefined;
    const first = await follow(aws.states, execution, (events) => {
      history = events;
      redraw();
      if (chapter.stopIn && pathOf(events).includes(chapter.stopIn))
        stopping ??= aws.states.send(new StopExecutionCommand({ executionArn: execution }));
    });
    await stopping;
    history = first;
    if (stopping) {
      const recovery = await recoveryOf(aws.states, stateMachineArn, execution);
      history = await follow(aws.states, recovery, (events) => {
        history = [...first, ...events];
        redraw();
      });
      history = [...first, ...history];
    }
  } finally {
    clearInterval(redrawing);
    await drawing;
    screen.settle();
  }

  const during = since(await traffic.mark(), before);
  const path = pathOf(history);
  return {
    name: chapter.name,
    outcome: path.at(-1) ?? 'never started',
    path,
    durationMs: durationMs(history),
    requests: requests(during),
    lost: during.lost,
    closed: during.closed,
    windowMs: windowMs(history),
    appErrors: during.appErrors,
    verdictToBlueMs: verdictToBlueMs(history),
    servedByIt: during.versions[chapter.version] ?? 0,
    schemaBefore: schemaBefore(history),
    cause: failureOf(history),
  };
}

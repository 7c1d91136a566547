import type { FaultWorld } from '../fault-world';
import { type Book, type End, untrueEnds, write } from '../invariants';
import { endsIn } from '../play';
import { worldStateOf } from '../world-state';
import { faultsFor, happen, type Scene } from './events';
import { requestOf } from './request';
import { type Deployment, isTimed, type Story, type Timed } from './story';

/** How a story went: what did not hold, and what ran when it showed. */
export interface Played {
  problems: string[];
  /** Every execution: how it ended, or its last states. */
  ran: string[];
}

/** Real time in which everything that a deployment or a late event began has to end. */
const END_MS = 300_000;
const POLL_MS = 20;
/** Real time between two looks at the lock of what no longer runs. */
const WAKE_MS = 200;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Plays one story in a world at rest; it leaves behind whatever it came to. */
export class Playing {
  private book: Book = { serving: 'v1', before: new Map(), warm: false, moved: false };
  private readonly played: Played = { problems: [], ran: [] };
  private readonly versions = new Map<string, string>();
  private readonly warm = new Set<string>();
  private chain: Promise<unknown> = Promise.resolve();

  constructor(private readonly faultWorld: FaultWorld) {}

  /** Ends at the first thing that does not hold. */
  async play({ deployments }: Story, id: string): Promise<Played> {
    for (const [index, deployment] of deployments.entries()) {
      await this.deploy(deployment, `${id}-${index + 1}`);
      if (this.played.problems.length > 0) break;
    }
    return this.played;
  }

  private async deploy(deployment: Deployment, name: string): Promise<void> {
    const { world, operator } = this.faultWorld;
    const { a } = await world.weights();
    const request = requestOf(deployment);
    if (deployment.warm) this.warm.add(name);
    const scene: Scene = {
      world,
      operator,
      name,
      arn: world.execution(name),
      request,
      blue: a > 0 ? 'a' : 'b',
      moved: () => {
        this.book = { ...this.book, moved: true };
      },
    };
    const [late, early] = [true, false].map((over) =>
      deployment.events.filter(isTimed).filter(({ when }) => (when === 'over') === over),
    ) as [Timed[], Timed[]];

    await this.part(early, scene, async () => {
      for (const fault of faultsFor(deployment.events)) world.fault(fault);
      await operator.start(name, request);
    });
    for (const event of late) {
      if (this.played.problems.length > 0) break;
      await this.part([], scene, () => happen(event, scene));
    }
  }

  /** Lets something begin, the events happen at their moments, everything end; and asks what is true then. */
  private async part(events: Timed[], scene: Scene, begin: () => Promise<void>): Promise<void> {
    const { world, watch, effects } = this.faultWorld;
    const before = await worldStateOf(world);
    watch.begin();
    await begin();
    const ended = await this.settle(events, scene);
    world.mend();
    if (!ended) {
      this.played.problems.push(`did not end in ${END_MS / 1000} s`);
      this.played.ran.push(...watch.seen().map(({ name, path }) => `${name}: ${path.slice(-5).join(' > ')}`));
      return;
    }
    const over = await this.over();
    this.book = write(this.book, over, (deployment) => this.warm.has(deployment));
    const now = await worldStateOf(world);
    const stuck = await world.stuck();
    this.played.problems.push(
      ...untrueEnds(before, now, this.book, over, stuck),
      ...(await this.faultWorld.noticed()),
      ...(await effects.problems(over)),
    );
    this.book.serving ??= now.serving.length === 1 ? now.serving[0] : undefined;
    this.played.ran.push(
      ...over.map(({ name, ended: { outcome, cause } }) => `${name}: ${outcome} ${cause}`),
    );
  }

  /** Everything that ran; what takes a deployment of before up again is about its version. */
  private async over(): Promise<End[]> {
    const over = await endsIn(this.faultWorld);
    for (const { deployment, version } of over) if (version) this.versions.set(deployment, version);
    return over.map((end) => ({ ...end, version: this.versions.get(end.deployment) ?? '' }));
  }

  /** Resolves with true once nothing runs and nobody but a person's deployment holds the lock. */
  private async settle(events: Timed[], scene: Scene): Promise<boolean> {
    const { world, watch } = this.faultWorld;
    const waiting = [...events];
    let happening = 0;
    let failure: unknown;
    for (const until = Date.now() + END_MS; Date.now() < until; await pause(POLL_MS)) {
      if (failure) throw failure;
      for (const { state, execution } of watch.look()) {
        this.faultWorld.notice(state);
        for (const event of waiting.filter(({ when }) => when !== 'over' && when.entered === state)) {
          waiting.splice(waiting.indexOf(event), 1);
          happening++;
          this.chain = this.chain
            .then(() => happen(event, { ...scene, execution }))
            .catch((error) => {
              failure = error;
            })
            .finally(() => happening--);
        }
      }
      const seen = watch.seen();
      if (happening > 0 || seen.some(({ running }) => running)) continue;
      if ((await world.lockHolder()) === undefined || (await world.stuck())) return true;
      // as the schedule does, only sooner
      await world.wake('Reconcile');
      await pause(WAKE_MS);
    }
    return false;
  }
}
